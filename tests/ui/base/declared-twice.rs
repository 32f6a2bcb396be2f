cors_axum::policy! {
    #[cfg(debug_assertions)]
    static BASE = { origins = ["http://localhost:*"] }
    #[cfg(not(debug_assertions))]
    static BASE = { origins = ["https://app.example.com"] }
    static ADMIN = { ..BASE, credentials }
}

fn main() {}
