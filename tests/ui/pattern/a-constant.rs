use cors_axum::cors;

#[cors(origin_patterns = [PATTERN])]
#[get("/users")]
async fn users() {}

const PATTERN: &str = r"^https://example\.com$";

fn main() {}
