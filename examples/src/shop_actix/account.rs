//! What belongs to a user: a scope with a middleware, and CORS outside of both.

use actix_web::error::ErrorConflict;
use actix_web::middleware::from_fn;
use actix_web::web::{Data, Json, ReqData, ServiceConfig};
use actix_web::{Error, HttpResponse, get, post};
use cors_actix::{Routes, cors, routes};

use super::auth::authenticate;
use crate::shop::{SHOP, Shop, User};

pub(super) fn routes() -> Routes {
    routes![who, basket, put_into_basket]
}

pub(super) fn configure(app: &mut ServiceConfig) {
    app.service(routes().into_scope("/account", |scope| scope.wrap(from_fn(authenticate))));
}

#[cors(policy = SHOP)]
#[get("/who")]
async fn who(user: ReqData<User>) -> Json<User> {
    Json(*user)
}

#[cors(policy = SHOP)]
#[get("/basket")]
async fn basket(shop: Data<Shop>, user: ReqData<User>) -> Json<Vec<u32>> {
    Json(shop.basket(*user))
}

#[cors(policy = SHOP)]
#[post("/basket")]
async fn put_into_basket(
    shop: Data<Shop>,
    user: ReqData<User>,
    id: Json<u32>,
) -> Result<HttpResponse, Error> {
    if shop.put_into_basket(*user, *id) {
        Ok(HttpResponse::Created().finish())
    } else {
        Err(ErrorConflict("sold out"))
    }
}
