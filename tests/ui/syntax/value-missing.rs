use cors_axum::cors;

#[cors(origins, headers =)]
#[get("/users")]
async fn users() {}

fn main() {}
