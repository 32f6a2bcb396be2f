use cors_axum::cors;

#[cors(origins = ["*.example.com"])]
#[get("/users")]
async fn users() {}

fn main() {}
