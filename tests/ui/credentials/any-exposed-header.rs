use cors_axum::cors;

#[cors(origins = ["https://app.example.com"], credentials, expose_headers = "*")]
#[get("/users")]
async fn users() {}

fn main() {}
