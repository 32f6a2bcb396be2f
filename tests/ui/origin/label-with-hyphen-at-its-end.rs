use cors_axum::cors;

#[cors(origins = ["https://example-.com"])]
#[get("/users")]
async fn users() {}

fn main() {}
