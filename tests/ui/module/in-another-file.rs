use cors_axum::cors;

#[cors(origins = "*")]
mod api;

fn main() {}
