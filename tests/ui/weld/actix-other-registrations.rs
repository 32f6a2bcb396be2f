use actix_web::{App, Responder, get, web};
use cors_actix::{Routes, cors, policy};

policy! { static PUBLIC = { origins = "*" } }

#[cors(origins = ["https://app.example.com"], enforce)]
#[get("/ws")]
async fn ws() -> impl Responder {
    "Ada"
}

fn main() {
    let _ = web::resource("/ws").to(ws);
    let _ = App::new().default_service(web::to(ws));
    let _ = App::new().route("/ws", web::route().to(ws));
    // It has a policy already.
    let _ = Routes::new().get("/ws", ws, &PUBLIC);
}
