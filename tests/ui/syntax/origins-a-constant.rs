use cors_axum::cors;

#[cors(origins = APPS, credentials)]
#[get("/users")]
async fn users() {}

const APPS: [&str; 1] = ["https://app.example.com"];

fn main() {}
