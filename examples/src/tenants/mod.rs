//! A service with a tenant on each host, `ada.api.example.com` and so on, whose front ends run on
//! origins of their own. The tenants' origins are in a database, the staff changes them while the
//! service runs, and the next request is decided by what was written.
//!
//! ```text
//! PUT /profile                         the pages of the tenant whose host is asked
//! PUT /admin/tenants/{tenant}/origins  the front end of the staff, signed in
//! ```
//!
//! With a list written, the next preflight of the page is answered by it:
//!
//! ```sh
//! cargo run -p examples --bin tenants-axum &
//! curl -X PUT http://127.0.0.1:4021/admin/tenants/ada/origins -H 'content-type: application/json' \
//!     -H 'authorization: Bearer token-of-grace' -d '["https://ada.example.net"]'
//! curl -i -X OPTIONS http://127.0.0.1:4021/profile -H 'host: ada.api.example.com' \
//!     -H 'origin: https://ada.example.net' -H 'access-control-request-method: PUT'
//! ```
//!
//! The store is independent of the framework; [`on_axum`] and [`on_actix`] are the same API on both.

mod arguments;
pub mod on_actix;
pub mod on_axum;
mod store;

pub use arguments::Arguments;
pub use store::{Tenants, TenantsError};

use cors_axum::policy;

policy! {
    /// The front end of the staff.
    pub(crate) static STAFF = {
        origins = ["https://admin.example.com"],
        headers = ["authorization", "content-type"],
    }
}
