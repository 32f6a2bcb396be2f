use cors_axum::cors;

#[cors(origins = ["https://app.example.com",, "https://admin.example.com"],, credentials)]
#[get("/users")]
async fn users() {}

fn main() {}
