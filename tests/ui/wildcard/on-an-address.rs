use cors_axum::cors;

#[cors(origins = ["http://*.127.0.0.1"])]
#[get("/users")]
async fn users() {}

fn main() {}
