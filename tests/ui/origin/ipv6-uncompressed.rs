use actix_web::get;
use cors_actix::cors;

#[cors(origins = ["http://[0:0::1]"])]
#[get("/users")]
async fn users() -> &'static str {
    "Ada"
}

fn main() {}
