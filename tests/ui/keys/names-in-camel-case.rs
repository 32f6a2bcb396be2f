use cors_axum::cors;

#[cors(allowedOrigins = ["https://app.example.com"], exposedHeaders = ["etag"], maxAge = 600)]
#[get("/users")]
async fn users() {}

fn main() {}
