cors_axum::policy! {
    static PARTNERS = { crate = cors_axum, origins = ["https://partner.example.com"] }
}

fn main() {}
