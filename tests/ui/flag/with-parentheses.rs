use cors_axum::cors;

#[cors(origins = ["https://app.example.com"], enforce())]
#[get("/users")]
async fn users() {}

fn main() {}
