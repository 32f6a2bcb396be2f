use actix_web::get;
use cors_actix::cors;

#[cors(delegated, candidate = FRONT_END)]
#[get("/users")]
async fn users() -> &'static str {
    "Ada"
}

cors_actix::policy! {
    static EVERYBODY = { origins = "*" }
    static FRONT_END = { origins = ["https://app.example.com"] }
}

fn main() {}
