use cors_axum::cors;

#[cors(origins = "*")]
#[route("/users", method = "PUT", method = "PUT")]
async fn users() {}

fn main() {}
