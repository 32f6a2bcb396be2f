use cors_axum::cors;

#[cors(allow_origin = "*", allow_headers = ["content-type"], allow_credentials)]
#[get("/users")]
async fn users() {}

fn main() {}
