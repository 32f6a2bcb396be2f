use actix_web::get;
use cors_actix::cors;

#[cors(origins = [concat!("https://", "app.example.com"), env!("APP")])]
#[get("/users")]
async fn users() -> &'static str {
    "Ada"
}

fn main() {}
