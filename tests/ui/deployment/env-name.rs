use cors_axum::cors;

#[cors(origins = [env(""), env("A=B"), env("FRONT_ORIGINS"), env("FRONT_ORIGINS", optional)])]
#[get("/users")]
async fn users() {}

fn main() {}
