//! A shop on axum: a public part, a part for those who are signed in, one for the staff, and
//! a WebSocket.

mod account;
mod admin;
mod auth;
mod live;
mod products;

use axum::Router;
use cors_axum::{RouteTable, Routes};

pub(crate) use auth::authenticate_staff;

use crate::shop::Shop;

/// The app. What is put on the router inside of `into_app` is inside of CORS.
pub fn app(shop: Shop) -> Router {
    routes().into_app(|router| router.fallback(async || "the shop's pages")).with_state(shop)
}

/// The routes with their policies: to print them, and to check the app.
#[must_use]
pub fn table() -> RouteTable {
    routes().table()
}

fn routes() -> Routes<Shop> {
    products::routes()
        .merge(account::routes().nest("/account"))
        .merge(admin::routes().nest("/admin"))
        .merge(live::routes())
        .nest("/api/v1")
}
