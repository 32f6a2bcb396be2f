use cors_axum::cors;

#[cors(origins = runtime, credentials)]
#[get("/users")]
async fn users() {}

#[cors(origins = runtime)]
mod admin {
    #[get("/admin")]
    pub async fn admin() {}
}

fn main() {}
