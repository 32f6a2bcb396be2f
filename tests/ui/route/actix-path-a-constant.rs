use actix_web::get;
use cors_actix::cors;

#[cors(origins = "*")]
#[get(PATH)]
async fn users() -> &'static str {
    "Ada"
}

const PATH: &str = "/users";

fn main() {}
