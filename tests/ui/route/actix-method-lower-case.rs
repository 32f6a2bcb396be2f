use actix_web::{App, route};
use cors_actix::cors;

#[cors(origins = "*")]
#[route("/users", method = "get", method = "M-SEARCH")]
async fn users() -> &'static str {
    "Ada"
}

fn main() {
    let _ = App::new().service(users);
}
