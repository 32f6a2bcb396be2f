//! From one layer that allows everybody to a policy for each handler, without a page that fails on
//! the way: the policies that are to come stand beside the one in force, and the log says which
//! calls they would reject.
//!
//! ```text
//! permissive   one layer for everything, as it was
//! observed     the same layer, with the policy for the front end beside it
//! drafted      each handler with a candidate of its own; everybody is still allowed
//! corrected    the candidates with what the log has shown
//! in_force     the candidates are the policies
//! ```
//!
//! [`on_axum`] and [`on_actix`] have these five stages of one API, and the calls of [`DAY`] are made to
//! each of them by the tests. The guide is `docs/candidate.md`.

pub mod on_actix;
pub mod on_axum;

use cors_axum::policy;

policy! {
    /// In force so far.
    pub static EVERYBODY = { origins = "*", headers = "*" }

    /// The pages that are known to call the API.
    pub static FRONT_END = {
        origins = ["https://shop.example.com"],
        headers = ["content-type"],
    }

    /// A partner reads the prices too.
    pub static PRICES = { origins = ["https://shop.example.com", "https://partner.example.net"] }

    /// The front end names its requests.
    pub static ORDERS = { ..FRONT_END, headers = ["content-type", "x-request-id"] }
}

/// A call that a page makes.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    /// The origin of the page.
    pub page: &'static str,
    /// The method.
    pub method: &'static str,
    /// The path.
    pub path: &'static str,
    /// A header that the page sets.
    pub header: Option<(&'static str, &'static str)>,
}

/// The calls of a day: two of the front end, one of the partner, and one of a page that should not.
pub const DAY: [Call; 4] = [
    Call { page: "https://shop.example.com", method: "GET", path: "/prices", header: None },
    Call {
        page: "https://shop.example.com",
        method: "PUT",
        path: "/orders",
        header: Some(("x-request-id", "7")),
    },
    Call { page: "https://partner.example.net", method: "GET", path: "/prices", header: None },
    Call { page: "https://evil.example.org", method: "PUT", path: "/orders", header: None },
];
