use cors_axum::cors;

#[cors(origins = ["https://app.example.com"], max_age = "2w")]
#[get("/users")]
async fn users() {}

fn main() {}
