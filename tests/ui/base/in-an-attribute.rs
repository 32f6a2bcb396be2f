use cors_axum::cors;

#[cors(..BASE, credentials)]
#[get("/users")]
async fn users() {}

fn main() {}
