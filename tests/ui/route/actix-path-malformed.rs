use actix_web::{App, get, put};
use cors_actix::cors;

#[cors(origins = "*")]
#[get("/users/{id")]
async fn users() -> &'static str {
    "Ada"
}

#[cors(origins = "*")]
#[put("/people/{id:[0-9+}")]
async fn people() -> &'static str {
    "Ada"
}

fn main() {
    let _ = App::new().service(users).service(people);
}
