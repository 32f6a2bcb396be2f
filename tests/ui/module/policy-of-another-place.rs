use cors_axum::{cors, policy};

policy! { static PARTNERS = { origins = ["https://partner.example.com"] } }

#[cors(policy = PARTNERS)]
mod api {
    #[get("/users")]
    async fn users() {}
}

fn main() {}
