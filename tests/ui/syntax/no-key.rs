use cors_axum::cors;

#[cors("https://app.example.com")]
#[get("/users")]
async fn users() {}

fn main() {}
