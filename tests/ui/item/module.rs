use cors_axum::cors;

#[cors(origins = "*")]
mod users {}

fn main() {}
