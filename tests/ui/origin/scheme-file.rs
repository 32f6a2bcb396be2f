use actix_web::get;
use cors_actix::cors;

#[cors(origins = ["file:///home/me/index.html"])]
#[get("/users")]
async fn users() -> &'static str {
    "Ada"
}

fn main() {}
