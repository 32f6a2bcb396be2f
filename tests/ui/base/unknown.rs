cors_axum::policy! {
    static BASE = { origins = ["https://app.example.com"], headers = ["content-type"] }
    static ADMIN = { ..BSAE, credentials }
    static REPORTS = { ..PARTNERS, headers = ["cookie"] }
}

cors_axum::policy! { static ALONE = { ..BASE, credentials } }

fn main() {}
