use actix_web::{App, Responder};
use cors_actix::routes;

mod api {
    use actix_web::{Responder, get};
    use cors_actix::cors;

    #[cors(origins = ["https://app.example.com"], credentials)]
    #[get("/me")]
    pub async fn me() -> impl Responder {
        "Ada"
    }
}

#[allow(unused_imports)]
use api::*;

async fn me() -> impl Responder {
    "another"
}

fn main() {
    let _ = App::new().service(routes![me]);
}
