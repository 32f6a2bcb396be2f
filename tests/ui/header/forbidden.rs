use cors_axum::cors;

#[cors(origins = ["https://app.example.com"], headers = ["Cookie"])]
#[get("/users")]
async fn users() {}

fn main() {}
