use cors_axum::cors;

#[cors(origins = "*")]
#[routes]
#[get("/users")]
#[get("/people")]
async fn users() {}

fn main() {}
