use cors_axum::cors;

#[cors(origin_patterns = [r"^https://(Example|Shop)\.com$"])]
#[get("/users")]
async fn users() {}

fn main() {}
