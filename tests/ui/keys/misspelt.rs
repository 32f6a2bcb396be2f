use cors_axum::cors;

#[cors(origins = ["https://app.example.com"], credentails, max_ages = 600)]
#[get("/users")]
async fn users() {}

fn main() {}
