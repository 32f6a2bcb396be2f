use actix_web::get;
use cors_actix::cors;

#[cors(origins = ["https://résumé.com"])]
#[get("/users")]
async fn users() -> &'static str {
    "Ada"
}

fn main() {}
