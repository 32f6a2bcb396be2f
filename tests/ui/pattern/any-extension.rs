use cors_axum::cors;

#[cors(origin_patterns = [r"^moz-extension://[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"])]
#[get("/users")]
async fn users() {}

fn main() {}
