use cors_axum::cors;

#[cors(origins = ["https://app.example.com"], cache_control = "no-store")]
#[get("/users")]
async fn users() {}

fn main() {}
