use axum::Router;
use cors_axum::{Routes, cors, methods};

#[cors(origins = ["https://app.example.com"])]
#[get]
async fn users() -> &'static str {
    "Ada"
}

async fn plain() -> &'static str {
    "Ada"
}

fn main() {
    let _: Router = Router::new().route("/users", methods![users]);
    let _: Routes = Routes::new().route("/users", axum::routing::get(plain));
    let _: Routes = Routes::new().route("/users", methods![users, plain]);
}
