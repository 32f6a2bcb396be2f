cors_axum::policy! {
    PARTNERS = { origins = "*" }
    const FRIENDS = { origins = "*" }
    static = { origins = "*" }
    static mut ENEMIES = { origins = "*" }
    static NOBODY
}

fn main() {}
