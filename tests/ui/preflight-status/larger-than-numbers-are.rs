use cors_axum::cors;

#[cors(origins = ["https://app.example.com"], preflight_status = 70000)]
#[get("/users")]
async fn users() {}

fn main() {}
