use cors_axum::cors;

#[cors(policy = PARTNERS, none)]
#[get("/users")]
async fn users() {}

cors_axum::policy! {
    static PARTNERS = { origins = ["https://partner.example.com"] }
}

fn main() {}
