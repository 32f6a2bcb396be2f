use cors_axum::cors;

#[cors(origins = ["https://api.*.example.com"])]
#[get("/users")]
async fn users() {}

fn main() {}
