use cors_axum::cors;

#[cors(origins = ["https://app.example.com"], methods = "PUT")]
#[put("/users")]
async fn users() {}

fn main() {}
