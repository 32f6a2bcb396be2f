use cors_axum::cors;

#[cors(origins = ["https://app.example.com"], expose_headers = ["ETag", "etag"])]
#[get("/users")]
async fn users() {}

fn main() {}
