use cors_axum::cors;

#[cors(origins = ["https://:8443"])]
#[get("/users")]
async fn users() {}

fn main() {}
