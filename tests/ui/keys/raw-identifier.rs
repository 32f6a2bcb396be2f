use cors_axum::cors;

#[cors(r#origins = "*")]
#[get("/users")]
async fn users() {}

fn main() {}
