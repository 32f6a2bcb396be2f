use cors_axum::{cors, cors as policy_of};

#[cors(origins = "*")]
#[policy_of(origins = ["https://app.example.com"], credentials)]
#[get("/users")]
async fn users() -> &'static str {
    "Ada"
}

fn main() {}
