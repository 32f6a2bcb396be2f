use cors_axum::cors;

#[cors(none = true)]
#[get("/users")]
async fn users() {}

fn main() {}
