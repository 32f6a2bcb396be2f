use cors_axum::cors;

#[cors(origin_patterns = [r"^https://a\.example\.com$", r"^https://a\.example\.org$"])]
#[get("/users")]
async fn users() {}

fn main() {}
