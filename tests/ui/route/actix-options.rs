use actix_web::{App, get, put};
use cors_actix::cors;

#[cors(origins = "*")]
#[get("/users", names = "users", guard = is_json, wrap = "NormalizePath::trim(")]
async fn users() -> &'static str {
    "Ada"
}

#[cors(origins = "*")]
#[put("/people", "/persons", name, layer = "2", guard = "2 + 2")]
async fn people() -> &'static str {
    "Ada"
}

fn main() {
    let _ = App::new().service(users).service(people);
}
