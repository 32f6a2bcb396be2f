use cors_axum::cors;

#[cors(origins = "*")]
#[route("/users")]
async fn users() {}

fn main() {}
