use actix_web::get;
use cors_actix::cors;

#[cors(origins = ["null"], dangerously_allow(null_origin, null_origin))]
#[get("/users")]
async fn users() -> &'static str {
    "Ada"
}

fn main() {}
