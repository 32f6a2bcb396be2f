use actix_web::{get, web};
use cors_actix::cors;

#[cors(origins = ["https://app.example.com"])]
#[get("/double/{n}")]
async fn double(n: web::Path<u32>) -> String {
    (2 * *n).to_string()
}

async fn caller() -> String {
    double(web::Path::from(2)).await
}

fn main() {
    drop(caller());
}
