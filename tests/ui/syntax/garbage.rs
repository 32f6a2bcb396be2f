use cors_axum::cors;

#[cors(= [ ] # ! , 7, *, origins: "*")]
#[get("/users")]
async fn users() {}

fn main() {}
