//! What the staff does; and one handler that no page is meant to call.

use axum::extract::{Json, Path, State};
use axum::http::StatusCode;
use axum::middleware::from_fn;
use cors_axum::{Routes, cors, routes};

use super::auth::authenticate_staff;
use crate::shop::{Product, STAFF, Shop};

pub(super) fn routes() -> Routes<Shop> {
    routes![write, remove, export].layer(from_fn(authenticate_staff))
}

#[cors(policy = STAFF)]
#[put("/products/{id}")]
async fn write(
    State(shop): State<Shop>,
    Path(id): Path<u32>,
    Json(product): Json<Product>,
) -> [(&'static str, String); 1] {
    [("x-revision", shop.write_product(id, product).to_string())]
}

#[cors(policy = STAFF)]
#[delete("/products/{id}")]
async fn remove(State(shop): State<Shop>, Path(id): Path<u32>) -> StatusCode {
    if shop.remove_product(id) { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}

#[cors(none)]
#[get("/export")]
async fn export(State(shop): State<Shop>) -> Json<Vec<Product>> {
    Json(shop.products())
}
