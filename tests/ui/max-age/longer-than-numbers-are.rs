use cors_axum::cors;

#[cors(origins = ["https://app.example.com"], max_age = 99999999999999999999)]
#[get("/users")]
async fn users() {}

fn main() {}
