use axum::Router;
use cors_axum::{cors, routes};

#[cors(origins = "*")]
async fn users() -> &'static str {
    "Ada"
}

fn main() {
    // No second error about the same mistake.
    let _: Router = routes![users].into();
}
