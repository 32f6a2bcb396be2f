//! The demo: one axum API and one actix-web API with the same policies, and pages on four
//! origins that call both from a real browser and compare what they see with what the
//! policies promise.
//!
//! ```text
//! http://app.localhost:4000    ──┐
//! http://admin.localhost:4000  ──┼─fetch──▶ http://axum.app.localhost:4001
//! http://eu.app.localhost:4000 ──┤          http://actix.app.localhost:4002
//! http://evil.localhost:4000   ──┘
//! ```
//!
//! `/explore` of each page shows the route table, and of a call that a visitor chooses what the browser
//! will do and why (`predict`), beside what it then does.
//!
//! Browsers resolve `*.localhost` to this machine, so nothing has to be set up.
//!
//! The APIs have host names below that of the front end which signs its users in. No registry
//! knows `localhost`, so browsers take `app.localhost` and `api.localhost` for two sites, and
//! many keep cookies from calls that cross sites. Each API has a name of its own because
//! cookies do not care about ports: on one host, a login at one API would be seen by the other.

mod actix_api;
mod axum_api;
mod listen;
mod pages;
mod policies;
mod ports;
mod predict;
mod serve;
mod session;
mod store;

use cors_axum::RouteTable;

pub use ports::Ports;
pub use serve::{Running, ServeError, serve};

/// The routes of the API on axum, with their policies.
#[must_use]
pub fn axum_table() -> RouteTable {
    axum_api::routes().table()
}

/// The routes of the API on actix-web, with their policies.
#[must_use]
pub fn actix_table() -> RouteTable {
    actix_api::routes().table()
}
