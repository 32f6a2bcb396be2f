use cors_axum::cors;

#[cors(origin_patterns = [r"^https://a\.example\.com$"], sites = ["https://example.com"])]
#[get("/users")]
async fn users() {}

fn main() {}
