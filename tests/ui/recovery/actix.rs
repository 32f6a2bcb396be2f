use actix_web::{App, get, put};
use cors_actix::cors;

#[cors(origins = "*", credentials)]
#[get("/users")]
async fn users() -> &'static str {
    "Ada"
}

#[cors(origin = APP)]
#[put(USERS)]
async fn people() -> &'static str {
    "Ada"
}

fn main() {
    // No second error about the same mistakes.
    let _ = App::new().service(users).service(people);
}
