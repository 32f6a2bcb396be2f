use actix_web::get;
use cors_actix::cors;

#[cors(origins = ["https://xn--a.example"])]
#[get("/users")]
async fn users() -> &'static str {
    "Ada"
}

fn main() {}
