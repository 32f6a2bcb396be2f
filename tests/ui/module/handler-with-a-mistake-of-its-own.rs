use axum::Router;
use cors_axum::{cors, routes};

#[cors(origins = "*")]
mod api {
    use cors_axum::cors;

    #[get(USERS)]
    pub(super) async fn users() {}

    #[cors(origins = ["https://admin.example.com/"], credentials)]
    #[put("/users")]
    pub(super) async fn update() {}
}

fn main() {
    let _: Router = routes![api::users, api::update].into();
}
