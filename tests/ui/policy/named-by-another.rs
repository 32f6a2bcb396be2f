use cors_axum::policy;

policy! {
    static PARTNERS = { origins = ["https://partner.example.com"] }
    static FRIENDS = { policy = PARTNERS }
}

fn main() {}
