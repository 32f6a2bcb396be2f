use cors_axum::cors;

#[cors(origins = "*")]
#[get("/users")]
#[cors(origins = ["https://app.example.com"], credentials)]
async fn users() -> &'static str {
    "Ada"
}

fn main() {}
