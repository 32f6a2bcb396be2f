use cors_axum::cors;

#[cors(origins = ["http://0x7f.1"])]
#[get("/users")]
async fn users() {}

fn main() {}
