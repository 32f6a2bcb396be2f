use axum::Router;
use axum::extract::State;
use cors_axum::{cors, routes};

struct NoExtractor;

#[derive(Clone)]
struct Database;

#[cors(origins = "*")]
#[get("/users")]
async fn users(_: State<Database>) -> &'static str {
    "Ada"
}

#[cors(origins = "*")]
#[get("/status")]
async fn status() -> &'static str {
    "fine"
}

#[cors(origins = "*")]
#[get("/nothing")]
async fn nothing(_: NoExtractor) -> &'static str {
    "nothing"
}

fn main() {
    let _: Router<Database> = routes![status, users, nothing].into_app(|router| router);
    let _: Router<()> = routes![status, users].into_app(|router| router.with_state(Database));
    let _: Router<String> = routes![status, users].into_app(|router| router);
}
