use cors_axum::policy;

policy! {
    static LISTED = { origins = ["https://app.example.com", runtime] }
    static CALLED = { origins = runtime(10), credentials }
}

fn main() {}
