use actix_web::{App, get};
use cors_actix::{Cors, cors, policy};

policy! {
    static PARTNERS = { origins = ["http://partner.example.com"], credentials };
    static FRIENDS: Policy = { origins = ["https://friend.example.com"] };
    static PUBLIC = { origins = "*" };
}

#[cors(policy = PARTNERS)]
#[get("/users")]
async fn users() -> &'static str {
    "Ada"
}

fn main() {
    // No second error about the same mistakes.
    let _ = App::new().wrap(Cors::new(&FRIENDS)).wrap(Cors::new(&PUBLIC)).service(users);
}
