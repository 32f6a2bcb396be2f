use cors_axum::cors;

#[cors(origins = [b"https://app.example.com"])]
#[get("/users")]
async fn users() {}

fn main() {}
