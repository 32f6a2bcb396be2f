use cors_axum::cors;

#[cors(origins = ["https://app.example.com"], sites = ["example.com"])]
#[get("/users")]
async fn users() {}

fn main() {}
