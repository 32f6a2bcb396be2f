use cors_axum::cors;

#[cors(origins = "*")]
#[get = "/users"]
async fn users() {}

fn main() {}
