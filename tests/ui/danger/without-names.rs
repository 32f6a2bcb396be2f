use cors_axum::cors;

#[cors(origins = ["null"], dangerously_allow)]
#[get("/users")]
async fn users() {}

fn main() {}
