cors_axum::policy! {
    static FRONT_END = { origins = ["https://app.example.com"] }
    static EVERYBODY = { origins = "*", candidate = FRONT_END }
}

fn main() {}
