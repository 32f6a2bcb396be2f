use actix_web::{App, get, put};
use cors_actix::cors;

#[cors(origins = "*")]
#[get("/users")]
async fn users() {}

#[cors(origins = "*")]
#[put("/people")]
async fn people() -> u8 {
    0
}

fn main() {
    let _ = App::new().service(users).service(people);
}
