cors_axum::policy! {
    static BASE = { origins = ["https://app.example.com"] }
    static A = { .., credentials }
    static B = { ..BASE..BASE, credentials }
    static C = { ..BASE.credentials }
    static D = { ..policies::BASE, credentials }
    static E = { credentials, ..BASE }
    static F = { ..BASE, ..A }
    static G = { ..BASE, none }
}

fn main() {}
