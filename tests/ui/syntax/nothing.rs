use cors_axum::cors;

#[cors()]
#[get("/users")]
async fn users() {}

fn main() {}
