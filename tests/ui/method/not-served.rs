use actix_web::get;
use cors_actix::cors;

#[cors(origins = ["https://app.example.com"], methods = ["GET", "DELETE"])]
#[get("/users")]
async fn users() -> &'static str {
    "Ada"
}

fn main() {}
