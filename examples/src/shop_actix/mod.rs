//! A shop on actix-web: a public part, a part for those who are signed in, one for the staff,
//! and a WebSocket.

mod account;
mod admin;
mod auth;
mod live;
mod products;

use actix_web::web::{self, Data, ServiceConfig};
use cors_actix::{RouteTable, Routes};

pub(crate) use auth::authenticate_staff;

use crate::shop::Shop;

/// The app, for `App::configure`. actix builds it once for each worker.
pub fn configure(shop: &Shop) -> impl FnOnce(&mut ServiceConfig) + use<> {
    let shop = Data::new(shop.clone());
    move |app| {
        let api = web::scope("/api/v1")
            .service(products::routes())
            .configure(account::configure)
            .configure(admin::configure)
            .service(live::routes());
        app.app_data(shop).service(api).default_service(web::to(|| async { "the shop's pages" }));
    }
}

/// The routes with their policies: to print them, and to check the app.
#[must_use]
pub fn table() -> RouteTable {
    let routes: Routes = products::routes()
        .merge(account::routes().nest("/account"))
        .merge(admin::routes().nest("/admin"))
        .merge(live::routes());
    routes.nest("/api/v1").table()
}
