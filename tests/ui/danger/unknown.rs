use cors_axum::cors;

#[cors(origins = ["http://intranet.example"], credentials, dangerously_allow(insecure_origin))]
#[get("/users")]
async fn users() {}

fn main() {}
