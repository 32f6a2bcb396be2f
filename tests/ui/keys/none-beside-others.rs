use cors_axum::cors;

#[cors(none, origins = "*")]
#[get("/users")]
async fn users() {}

fn main() {}
