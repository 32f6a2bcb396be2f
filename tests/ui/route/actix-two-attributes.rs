use actix_web::{App, get};
use cors_actix::cors;

#[cors(origins = "*")]
#[get("/users")]
#[get("/people")]
async fn users() -> &'static str {
    "Ada"
}

fn main() {
    let _ = App::new().service(users);
}
