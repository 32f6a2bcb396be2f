use axum::Router;
use cors_axum::{cors, routes};

#[cors(origins = "*", credentials)]
#[get("/users")]
async fn users() -> &'static str {
    "Ada"
}

#[cors(origin = APP)]
#[get(USERS)]
async fn people() -> &'static str {
    "Ada"
}

async fn caller() -> &'static str {
    users::call().await
}

fn main() {
    // No second error about the same mistakes.
    let _: Router = routes![users, people].into();
    let _ = caller();
}
