use actix_web::get;
use cors_actix::cors;

#[cors(origins = "*", private_network)]
#[get("/users")]
async fn users() -> &'static str {
    "Ada"
}

fn main() {}
