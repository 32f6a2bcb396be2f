use cors_axum::cors;

#[cors(origins = ["null"])]
#[get("/users")]
async fn users() {}

fn main() {}
