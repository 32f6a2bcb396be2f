use cors_axum::cors;

#[cors(origin_patterns = [r"^https://(example\.com$"])]
#[get("/users")]
async fn users() {}

fn main() {}
