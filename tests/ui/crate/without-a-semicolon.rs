use cors_actix::{cors, policy, routes};

policy! {
    crate = cors_actix
    static PARTNERS = { origins = ["https://partner.example.com/"] }
}

#[cors(policy = PARTNERS)]
#[actix_web::get("/users")]
async fn users() -> &'static str {
    ""
}

fn main() {
    let _ = routes![crate = cors_actix, users];
    let _ = routes![crate = cors_actix];
}
