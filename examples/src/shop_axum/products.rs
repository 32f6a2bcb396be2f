//! The public part: the module's policy is that of every handler in it.

use cors_axum::{Routes, cors, routes};

use crate::shop::Shop;

pub(super) fn routes() -> Routes<Shop> {
    routes![public::list, public::read]
}

#[cors(origins = "*")]
mod public {
    use axum::extract::{Json, Path, State};
    use axum::http::StatusCode;

    use crate::shop::{Product, Shop};

    #[get("/products")]
    pub(super) async fn list(State(shop): State<Shop>) -> Json<Vec<Product>> {
        Json(shop.products())
    }

    #[get("/products/{id}")]
    pub(super) async fn read(
        State(shop): State<Shop>,
        Path(id): Path<u32>,
    ) -> Result<Json<Product>, StatusCode> {
        shop.product(id).map(Json).ok_or(StatusCode::NOT_FOUND)
    }
}
