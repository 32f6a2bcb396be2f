use cors_actix::cors;

struct Users;

impl Users {
    #[cors(origins = "*")]
    #[actix_web::get("/users")]
    async fn list(&self) {}
}

fn main() {}
