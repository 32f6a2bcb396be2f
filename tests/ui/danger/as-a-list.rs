use cors_axum::cors;

#[cors(origins = ["null"], dangerously_allow = ["null_origin"])]
#[get("/users")]
async fn users() {}

fn main() {}
