use cors_axum::cors;

#[cors(origins = "*", enforce)]
#[get("/users")]
async fn users() {}

fn main() {}
