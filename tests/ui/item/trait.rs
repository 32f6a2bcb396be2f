use cors_axum::cors;

#[cors(origins = "*")]
#[get("/users")]
pub trait Users {}

fn main() {}
