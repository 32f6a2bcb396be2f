cors_axum::policy! {
    static A = { ..B, credentials }
    static B = { ..C, origins = ["https://app.example.com/"] }
    static C = { ..A, enforce }
    static SELF = { ..SELF, origins = ["https://app.example.com"] }
    static OUTSIDE = { ..A, max_age = 600 }
}

fn main() {}
