use cors_axum::cors;

#[get("/users")]
#[cors(origins = "*")]
async fn users() {}

fn main() {}
