use cors_axum::cors;

#[cors(policy = PARTNERS)]
#[get("/users")]
async fn users() {}

fn main() {}
