use cors_axum::cors;

#[cors(origins = ["https://app.example.com:65536"])]
#[get("/users")]
async fn users() {}

fn main() {}
