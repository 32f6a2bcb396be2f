use cors_axum::cors;

#[cors(origins = ["https://example.*"])]
#[get("/users")]
async fn users() {}

fn main() {}
