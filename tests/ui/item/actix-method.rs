use cors_actix::cors;
use actix_web::get;
struct Users;

impl Users {
    #[cors(origins = "*")]
    #[get("/users")]
    async fn list(&self) {}
}

fn main() {}
