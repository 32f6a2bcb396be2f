use cors_axum::cors;

#[cors(origin_patterns = [r"^https://([a-z]{1,63}\.){1,99}(a|b).{40}\.example\.com$"])]
#[get("/users")]
async fn users() {}

fn main() {}
