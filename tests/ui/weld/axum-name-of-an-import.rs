use axum::Router;
use cors_axum::routes;

mod api {
    use cors_axum::cors;

    #[cors(origins = ["https://app.example.com"], credentials)]
    #[get("/me")]
    pub async fn me() -> &'static str {
        "Ada"
    }
}

#[allow(unused_imports)]
use api::*;

async fn me() -> &'static str {
    "another"
}

fn main() {
    let _: Router = routes![me].into();
}
