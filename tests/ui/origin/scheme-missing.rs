use cors_axum::cors;

#[cors(origins = ["app.example.com"])]
#[get("/users")]
async fn users() {}

fn main() {}
