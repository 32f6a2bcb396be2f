use cors_axum::cors;

#[cors(origins = ["https://app.example.com"], credentials = true)]
#[get("/users")]
async fn users() {}

fn main() {}
