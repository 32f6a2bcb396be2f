use actix_web::{App, Responder, get, web};
use cors_actix::cors;

#[cors(origins = ["https://app.example.com"], enforce)]
#[get("/ws")]
async fn ws() -> impl Responder {
    "Ada"
}

fn main() {
    // The policy would be lost.
    let _ = App::new().route("/ws", web::get().to(ws));
}
