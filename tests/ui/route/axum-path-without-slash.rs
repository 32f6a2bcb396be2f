use cors_axum::cors;

#[cors(origins = "*")]
#[get("users/{id}")]
async fn users() {}

fn main() {}
