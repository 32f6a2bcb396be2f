use cors_axum::cors;

#[cors(origins = ["file://"], credentials)]
#[get("/users")]
async fn users() {}

fn main() {}
