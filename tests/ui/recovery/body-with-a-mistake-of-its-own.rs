use cors_axum::cors;

#[cors(origins = ["https://app.example.com/"])]
#[get("/users")]
async fn users() -> &'static str {
    7
}

fn main() {}
