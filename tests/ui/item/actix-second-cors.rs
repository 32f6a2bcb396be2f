use actix_web::get;
use cors_actix::cors;

#[cors(origins = "*")]
#[cors(origins = ["https://app.example.com"], credentials)]
#[get("/users")]
async fn users() -> &'static str {
    "Ada"
}

fn main() {}
