cors_axum::policy! {
    static BASE = { origins = ["http://intranet.example"], headers = ["content-type"] }
    static ADMIN = { ..BASE, credentials }
    static WITH_COOKIES = { origins = ["https://app.example.com"], credentials }
    static PAGES = { ..WITH_COOKIES, origins = ["https://*.github.io"] }
}

fn main() {}
