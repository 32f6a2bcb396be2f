use cors_axum::cors;

#[cors(origin_patterns = [r"^https://(intranet|backoffice)$"])]
#[get("/users")]
async fn users() {}

fn main() {}
