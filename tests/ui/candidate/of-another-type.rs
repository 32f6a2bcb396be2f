use cors_axum::cors;

#[cors(policy = EVERYBODY, candidate = FRONT_END)]
#[get("/users")]
async fn users() {}

static FRONT_END: &str = "https://app.example.com";

cors_axum::policy! {
    static EVERYBODY = { origins = "*" }
}

fn main() {}
