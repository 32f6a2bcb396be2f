//! A shop on axum: a public part, a part for those who are signed in, one for the staff, and
//! a WebSocket.

mod account;
mod admin;
mod auth;
mod live;
mod products;

use axum::Router;
use cors_axum::{RouteTable, Routes};

use crate::shop::Shop;

/// The app, and its routes with their policies: to print them, and to check the app.
pub fn app(shop: Shop) -> (Router, RouteTable) {
    let api: Routes<Shop> = products::routes()
        .merge(account::routes().nest("/account"))
        .merge(admin::routes().nest("/admin"))
        .merge(live::routes())
        .nest("/api/v1");
    let table = api.table();
    let app = Router::new().merge(api).fallback(async || "the shop's pages").with_state(shop);
    (app, table)
}
