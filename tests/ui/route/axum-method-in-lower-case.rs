use cors_axum::cors;

#[cors(origins = "*")]
#[route("/users", method = "get", method = "put")]
async fn users() {}

fn main() {}
