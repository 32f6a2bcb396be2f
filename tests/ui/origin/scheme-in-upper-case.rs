use cors_axum::cors;

#[cors(origins = ["HTTPS://app.example.com"])]
#[get("/users")]
async fn users() {}

fn main() {}
