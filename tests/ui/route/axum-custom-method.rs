use cors_axum::cors;

#[cors(origins = "*")]
#[route("/users", method = "PROPFIND")]
async fn users() {}

fn main() {}
