use cors_axum::cors;

struct Users;

impl Users {
    #[cors(origins = "*")]
    #[get("/users")]
    async fn list() {}
}

fn main() {}
