use cors_axum::cors;

#[cors(origin_patterns = [r"^[a-z]+://example\.com$"])]
#[get("/users")]
async fn users() {}

fn main() {}
