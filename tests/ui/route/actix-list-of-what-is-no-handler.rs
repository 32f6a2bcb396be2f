use actix_web::{App, Responder, get};
use cors_actix::{cors, routes};

#[cors(origins = "*")]
#[get("/users")]
async fn users() -> impl Responder {
    "Ada"
}

#[get("/plain")]
async fn plain() -> impl Responder {
    "Ada"
}

async fn bare() -> impl Responder {
    "Ada"
}

fn main() {
    let _ = App::new().service(routes![users, plain, bare]);
    let _ = App::new().service(routes![usres]);
}
