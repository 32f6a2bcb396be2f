use axum::Router;
use cors_axum::{cors, methods, routes};

#[cors(origins = "*")]
#[get("/users")]
async fn users() -> &'static str {
    "Ada"
}

#[cors(origins = "*")]
#[get]
async fn pathless() -> &'static str {
    "Ada"
}

async fn plain() -> &'static str {
    "Ada"
}

mod admin {
    use cors_axum::cors;

    #[cors(origins = ["https://admin.example.com"])]
    #[delete("/users")]
    async fn remove() {}
}

fn main() {
    let _: Router = routes![users, plain].into();
    let _: Router = routes![pathless, users].into();
    let _: Router = routes![usres].into();
    let _: Router = routes![admin::remove, admin::add].into();
    let _: Router = routes![get(users), users::<u8>, "/users",, "b"].into();
    let _: Router = Router::new().route("/", methods![users, plain]);
}
