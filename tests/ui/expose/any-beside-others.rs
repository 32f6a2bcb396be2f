use cors_axum::cors;

#[cors(origins = ["https://app.example.com"], expose_headers = ["*", "x-total"])]
#[get("/users")]
async fn users() {}

fn main() {}
