use cors_axum::cors;

#[cors(origins = [APP, "https://admin.example.com/"])]
#[get("/users")]
async fn users() {}

const APP: &str = "https://app.example.com";

fn main() {}
