use cors_axum::cors;

#[cors(origins = ["https://app.example.com/", APP], credentials = true, headers = ["host"], max_age = "2w", colour = "red")]
#[get("/users")]
async fn users() {}

fn main() {}
