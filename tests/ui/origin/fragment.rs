use cors_axum::cors;

#[cors(origins = ["https://app.example.com#top"])]
#[get("/users")]
async fn users() {}

fn main() {}
