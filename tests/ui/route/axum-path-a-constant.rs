use cors_axum::cors;

#[cors(origins = "*")]
#[get(PATH)]
async fn users() {}

const PATH: &str = "/users";

fn main() {}
