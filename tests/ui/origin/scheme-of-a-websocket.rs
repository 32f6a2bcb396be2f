use cors_axum::cors;

#[cors(origins = ["wss://app.example.com"])]
#[get("/users")]
async fn users() {}

fn main() {}
