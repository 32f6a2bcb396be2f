use cors_axum::cors;

#[cors(origins = "*", credentials)]
#[get("/users")]
async fn users() {}

fn main() {}
