use cors_actix::cors;

#[cors(origins = ["*", env("FRONT_ORIGINS")], credentials)]
#[actix_web::get("/users")]
async fn users() -> &'static str {
    ""
}

fn main() {}
