use cors_axum::cors;

#[cors(credentials)]
#[get("/users")]
async fn users() {}

fn main() {}
