use cors_axum::cors;

#[cors(origins = ["https://app.example.com"], methods = ["patch"])]
#[patch("/users")]
async fn users() {}

fn main() {}
