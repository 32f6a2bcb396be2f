cors_axum::policy! {
    /// Who builds on our API.
    pub static PARTNERS = { origins = ["https://*.github.io"], credentials }
    static PAGES = { origins = ["https://app.example.com/"] }
}

fn main() {}
