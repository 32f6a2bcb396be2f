use axum::Router;
use cors_axum::{cors, routes};

#[cors(origins = "*")]
#[get]
async fn users() -> &'static str {
    "Ada"
}

fn main() {
    let _: Router = routes![users].into();
}
