use actix_web::get;
use cors_actix::{cors, routes};

#[cors(origins = "*")]
#[instrument]
#[get("/below")]
async fn below() -> &'static str {
    "Ada"
}

#[tracing::instrumented(skip_all)]
#[cors(origins = "*")]
#[get("/above")]
async fn above() -> &'static str {
    "Ada"
}

fn main() {
    let _ = routes![below, above];
}
