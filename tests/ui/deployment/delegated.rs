use cors_actix::{cors, policy};

#[cors(delegated, credentials)]
#[actix_web::get("/credentials")]
async fn credentials() -> &'static str {
    ""
}

#[cors(none, delegated)]
#[actix_web::get("/none")]
async fn none() -> &'static str {
    ""
}

#[cors(delegated = true)]
#[actix_web::get("/value")]
async fn value() -> &'static str {
    ""
}

policy! { static PROXY = { delegated } }

fn main() {}
