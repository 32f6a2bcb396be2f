use axum::Router;
use axum::routing::get;
use cors_axum::cors;

#[cors(origins = ["https://app.example.com"], enforce)]
#[get("/ws")]
async fn ws() -> &'static str {
    "Ada"
}

fn main() {
    // The policy would be lost.
    let _: Router = Router::new().route("/ws", get(ws));
}
