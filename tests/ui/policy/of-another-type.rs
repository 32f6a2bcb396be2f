use cors_axum::cors;

#[cors(policy = PARTNERS)]
#[get("/users")]
async fn users() {}

static PARTNERS: &str = "https://partner.example.com";

fn main() {}
