cors_axum::policy! {
    static ADMIN = { ..BASE, credentials }
    static AUDIT = { ..ADMIN, headers = ["x-audit"] }
    static BASE = { origins = ["https://app.example.com/"], max_age = "2d" }
}

fn main() {}
