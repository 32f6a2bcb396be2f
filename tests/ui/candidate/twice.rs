use cors_axum::cors;

#[cors(policy = EVERYBODY, candidate = FRONT_END, candidate = FRONT_END)]
#[get("/users")]
async fn users() {}

cors_axum::policy! {
    static EVERYBODY = { origins = "*" }
    static FRONT_END = { origins = ["https://app.example.com"] }
}

fn main() {}
