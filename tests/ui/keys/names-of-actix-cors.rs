use actix_web::get;
use cors_actix::cors;

#[cors(allowed_origin = ["https://app.example.com/"], allowed_headers = ["content-type"], supports_credentials)]
#[get("/users")]
async fn users() -> &'static str {
    "Ada"
}

fn main() {}
