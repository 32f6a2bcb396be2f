use cors_axum::cors;

#[cors(origins = ["https://app.example.com"], headers = ["content-type, x-api-key"])]
#[get("/users")]
async fn users() {}

fn main() {}
