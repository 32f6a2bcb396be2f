use cors_axum::cors;

#[cors(origins = ["https://App.example.com"])]
#[get("/users")]
async fn users() {}

fn main() {}
