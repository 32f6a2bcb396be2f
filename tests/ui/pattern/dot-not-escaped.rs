use cors_axum::cors;

#[cors(origin_patterns = [r"^https://www.example.com$"], sites = ["example.com"])]
#[get("/users")]
async fn users() {}

fn main() {}
