use cors_axum::cors;

#[cors(origins = ["https://app.example.com"], credentials, dangerously_allow(insecure_origins))]
#[get("/users")]
async fn users() {}

fn main() {}
