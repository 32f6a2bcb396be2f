use cors_axum::policy;

policy! {
    static TENANTS = { origins = runtime, credentials, headers = ["*"], max_age = "1y" }
    static FRONT_END = { origins = ["https://app.example.com/", env("MORE_ORIGINS")], methods = ["TRACE"] }
}

fn main() {}
