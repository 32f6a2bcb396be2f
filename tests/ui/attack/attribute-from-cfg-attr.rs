use cors_axum::cors;

#[cfg_attr(all(), cors(origins = "*", credentials))]
#[cfg_attr(all(), get("/users"))]
async fn users() {}

fn main() {}
