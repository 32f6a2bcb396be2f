use cors_axum::cors;

#[cors(origin_patterns = [r"^https://intranet$"])]
#[get("/users")]
async fn users() {}

fn main() {}
