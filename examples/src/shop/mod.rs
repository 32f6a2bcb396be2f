//! What the two shops share: the stock, the users, and who may read what.
//!
//! [`shop_axum`](crate::shop_axum) and [`shop_actix`](crate::shop_actix) are the same API on
//! two frameworks:
//!
//! ```text
//! /api/v1/products           everybody
//! /api/v1/account/...        the shop's front end, signed in
//! /api/v1/admin/...          the front end of the staff, signed in
//! /api/v1/live               a WebSocket, for the shop's front end
//! ```

mod policies;
mod stock;
mod users;

pub(crate) use policies::{SHOP, SHOP_LIVE, STAFF};
pub use stock::{Product, Shop};
pub(crate) use users::{User, user_of};
