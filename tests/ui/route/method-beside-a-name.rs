use cors_axum::cors;

#[cors(origins = "*")]
#[get("/users", method = "PUT")]
async fn users() {}

fn main() {}
