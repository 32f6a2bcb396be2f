use cors_axum::cors;

#[cors(origins = ["https://app.example.com"], methods = ["*"])]
#[put("/users")]
async fn users() {}

fn main() {}
