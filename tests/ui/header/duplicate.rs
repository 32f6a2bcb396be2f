use cors_axum::cors;

#[cors(origins = ["https://app.example.com"], headers = ["content-type", "Content-Type"])]
#[get("/users")]
async fn users() {}

fn main() {}
