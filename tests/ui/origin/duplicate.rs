use cors_axum::cors;

#[cors(origins = ["https://app.example.com", "https://app.example.com"])]
#[get("/users")]
async fn users() {}

fn main() {}
