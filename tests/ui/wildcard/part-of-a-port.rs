use cors_axum::cors;

#[cors(origins = ["http://localhost:30*"])]
#[get("/users")]
async fn users() {}

fn main() {}
