use cors_actix::{cors, routes};

#[cors(origins = "*")]
#[get("/status")]
async fn status() -> &'static str {
    "fine"
}

fn main() {
    let _ = routes![status];
}
