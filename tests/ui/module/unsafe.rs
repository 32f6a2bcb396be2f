use actix_web::App;
use cors_actix::cors;

#[cors(origins = ["http://app.example.com"], credentials)]
mod api {
    use actix_web::get;

    #[get("/users")]
    pub(super) async fn users() -> &'static str {
        "Ada"
    }
}

fn main() {
    // One error, where the policy is declared.
    let _ = App::new().service(api::users);
}
