use cors_axum::cors;

#[cors(origins = "*", candidate = FRONT_END)]
mod api {
    #[get("/users")]
    pub async fn users() {}
}

cors_axum::policy! {
    static EVERYBODY = { origins = "*" }
    static FRONT_END = { origins = ["https://app.example.com"] }
}

fn main() {}
