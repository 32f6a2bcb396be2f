use cors_axum::cors;

#[cors(origins = ["\x2a", r"https://app.example.com/", r#"https://*example.com"#, "\u{2a}"], credentials)]
#[get("/users")]
async fn users() {}

fn main() {}
