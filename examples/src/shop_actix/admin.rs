//! What the staff does; and one handler that no page is meant to call.

use actix_web::middleware::from_fn;
use actix_web::web::{Data, Json, Path, ServiceConfig};
use actix_web::{HttpResponse, Responder, delete, get, put};
use cors_actix::{Routes, cors, routes};

use super::auth::authenticate_staff;
use crate::shop::{Product, STAFF, Shop};

pub(super) fn routes() -> Routes {
    routes![write, remove, export]
}

pub(super) fn configure(app: &mut ServiceConfig) {
    app.service(routes().into_scope("/admin", |scope| scope.wrap(from_fn(authenticate_staff))));
}

#[cors(policy = STAFF)]
#[put("/products/{id}")]
async fn write(shop: Data<Shop>, id: Path<u32>, product: Json<Product>) -> impl Responder {
    let revision = shop.write_product(*id, product.into_inner()).to_string();
    HttpResponse::Ok().insert_header(("x-revision", revision)).finish()
}

#[cors(policy = STAFF)]
#[delete("/products/{id}")]
async fn remove(shop: Data<Shop>, id: Path<u32>) -> impl Responder {
    if shop.remove_product(*id) { HttpResponse::NoContent() } else { HttpResponse::NotFound() }
}

#[cors(none)]
#[get("/export")]
async fn export(shop: Data<Shop>) -> impl Responder {
    Json(shop.products())
}
