//! What belongs to a user: the layer on the list stands inside of CORS.

use axum::extract::{Extension, Json, State};
use axum::http::StatusCode;
use axum::middleware::from_fn;
use cors_axum::{Routes, cors, routes};

use super::auth::authenticate;
use crate::shop::{SHOP, Shop, User};

pub(super) fn routes() -> Routes<Shop> {
    routes![who, basket, put_into_basket].layer(from_fn(authenticate))
}

#[cors(policy = SHOP)]
#[get("/who")]
async fn who(Extension(user): Extension<User>) -> Json<User> {
    Json(user)
}

#[cors(policy = SHOP)]
#[get("/basket")]
async fn basket(State(shop): State<Shop>, Extension(user): Extension<User>) -> Json<Vec<u32>> {
    Json(shop.basket(user))
}

#[cors(policy = SHOP)]
#[post("/basket")]
async fn put_into_basket(
    State(shop): State<Shop>,
    Extension(user): Extension<User>,
    Json(id): Json<u32>,
) -> Result<StatusCode, (StatusCode, &'static str)> {
    if shop.put_into_basket(user, id) {
        Ok(StatusCode::CREATED)
    } else {
        Err((StatusCode::CONFLICT, "sold out"))
    }
}
