use actix_web::{App, get};
use cors_actix::cors;

#[get("/users")]
#[cors(origins = "*")]
async fn users() -> &'static str {
    "Ada"
}

fn main() {
    let _ = App::new().service(users);
}
