use cors_axum::cors;

#[cors(origins = "*")]
#[get("/users")]
#[put("/users")]
async fn users() {}

fn main() {}
