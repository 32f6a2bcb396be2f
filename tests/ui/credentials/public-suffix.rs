use cors_axum::cors;

#[cors(origins = ["https://*.github.io"], credentials)]
#[get("/users")]
async fn users() {}

fn main() {}
