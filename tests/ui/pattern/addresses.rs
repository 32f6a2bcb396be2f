use cors_axum::cors;

#[cors(origin_patterns = [r"^https://192\.168\.\d+\.\d+$"])]
#[get("/users")]
async fn users() {}

fn main() {}
