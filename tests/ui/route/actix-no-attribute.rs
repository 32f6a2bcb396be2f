use actix_web::{App, web};
use cors_actix::cors;

#[cors(origins = "*")]
async fn users() -> &'static str {
    "Ada"
}

fn main() {
    // No second error about the same mistake.
    let _ = App::new().route("/users", web::get().to(users));
}
