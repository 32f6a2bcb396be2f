use actix_web::get;
use cors_actix::cors;

#[cors(origin_patterns = [r"^https://[a-z]+\.github\.io$"], credentials)]
#[get("/users")]
async fn users() -> &'static str {
    "Ada"
}

fn main() {}
