use cors_axum::cors;

#[cors(origins = ["https://app.example.com"], max_age = 1.5)]
#[get("/users")]
async fn users() {}

fn main() {}
