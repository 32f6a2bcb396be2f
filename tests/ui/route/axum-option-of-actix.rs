use cors_axum::cors;

#[cors(origins = "*")]
#[get("/users", wrap = "Compress::default()")]
async fn users() {}

fn main() {}
