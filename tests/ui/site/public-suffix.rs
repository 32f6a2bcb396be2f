use cors_axum::cors;

#[cors(origin_patterns = [r"^https://a\.example\.com$"], sites = ["example.com", "co.uk"])]
#[get("/users")]
async fn users() {}

fn main() {}
