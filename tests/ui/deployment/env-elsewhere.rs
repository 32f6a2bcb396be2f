use cors_actix::cors;

#[cors(origins = ["https://app.example.com"], headers = [env("FRONT_HEADERS")])]
#[actix_web::get("/users")]
async fn users() -> &'static str {
    ""
}

fn main() {}
