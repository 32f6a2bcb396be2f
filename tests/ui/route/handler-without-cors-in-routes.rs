use axum::Router;
use cors_axum::{cors, routes};

#[cors(origins = "*")]
#[get("/users")]
async fn users() -> &'static str {
    "Ada"
}

async fn people() -> &'static str {
    "Ada"
}

fn main() {
    let _: Router = routes![users, people].into();
}
