//! The public part: the module's policy is that of every handler in it.

use cors_actix::{Routes, cors, routes};

pub(super) fn routes() -> Routes {
    routes![public::list, public::read]
}

#[cors(origins = "*")]
mod public {
    use actix_web::error::ErrorNotFound;
    use actix_web::web::{Data, Json, Path};
    use actix_web::{Error, get};

    use crate::shop::{Product, Shop};

    #[get("/products")]
    pub(super) async fn list(shop: Data<Shop>) -> Json<Vec<Product>> {
        Json(shop.products())
    }

    #[get("/products/{id}")]
    pub(super) async fn read(shop: Data<Shop>, id: Path<u32>) -> Result<Json<Product>, Error> {
        shop.product(*id).map(Json).ok_or_else(|| ErrorNotFound("no such product"))
    }
}
