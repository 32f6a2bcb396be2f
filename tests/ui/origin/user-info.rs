use cors_axum::cors;

#[cors(origins = ["https://app.example.com@evil.com"])]
#[get("/users")]
async fn users() {}

fn main() {}
