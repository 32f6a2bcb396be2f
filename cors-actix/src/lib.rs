//! CORS policies above actix-web handlers, checked while the program is compiled.
//!
//! ```
//! use actix_web::{App, Responder, get, put};
//! use cors_actix::cors;
//!
//! #[cors(origins = "*")]
//! #[get("/users/{id}")]
//! async fn get_user() -> impl Responder {
//!     "Ada"
//! }
//!
//! #[cors(origins = ["https://app.example.com"], credentials, headers = ["content-type"])]
//! #[put("/users/{id}")]
//! async fn update_user(body: String) -> impl Responder {
//!     body
//! }
//!
//! let app = App::new().service(get_user).service(update_user);
//! ```
//!
//! A preflight for `PUT /users/1` is answered by the policy of `update_user`, one for
//! `GET /users/1` by the policy of `get_user`. Every response carries the headers of its
//! handler's policy, errors and rejections included.
//!
//! A policy that is unsafe, or can never do what it says, does not compile:
//!
//! ```compile_fail
//! use actix_web::{Responder, get};
//! use cors_actix::cors;
//!
//! #[cors(origins = "*", credentials)] // any site could read what only you may see
//! #[get("/me")]
//! async fn me() -> impl Responder {
//!     "Ada"
//! }
//! ```

mod answer;
mod check;
mod endpoint;
mod head;
mod known;
mod middleware;
mod routes;
mod siblings;
mod surround;

pub use check::check;
pub use cors_core::{
    CheckError, Danger, Explanation, Field, Location, MaxAge, Nearest, Policy, PolicyBuilder,
    PolicyHandle, PolicySpec, Refusal, RoutePolicy, RouteTable, Rule, Violation, Violations,
};

/// ```
/// use actix_web::{Responder, get};
/// use cors_actix::cors;
///
/// #[cors(origins = ["https://app.example.com"], credentials, max_age = "2h")]
/// #[get("/me")]
/// async fn me() -> impl Responder {
///     "Ada"
/// }
/// ```
///
/// It stands above actix's own route attributes (`#[get]` to `#[patch]`, `#[head]`,
/// `#[options]`, `#[route(...)]`, `#[routes]`) and leaves routing, and their options `name`,
/// `guard` and `wrap`, to them.
///
/// ```compile_fail
/// use actix_web::{Responder, get};
/// use cors_actix::cors;
///
/// #[cors(origins = ["https://*example.com"])] // `https://evil-example.com` would match
/// #[get("/me")]
/// async fn me() -> impl Responder {
///     "Ada"
/// }
/// ```
///
/// # Reference
///
pub use cors_macros::cors_actix as cors;

/// Declares named policies: the grammar and the rules of [`macro@cors`], for policies that
/// several handlers share.
///
/// # Examples
///
/// ```
/// use actix_web::{Responder, get};
/// use cors_actix::{cors, policy};
///
/// policy! {
///     /// Who builds on our API.
///     pub static PARTNERS = {
///         origins = ["https://partner.example.com", "https://*.partner.example.org"],
///         credentials,
///     }
/// }
///
/// #[cors(policy = PARTNERS)]
/// #[get("/reports")]
/// async fn reports() -> impl Responder {
///     "..."
/// }
/// ```
///
/// What is unsafe there does not compile either:
///
/// ```compile_fail
/// cors_actix::policy! { static ALL_PAGES = { origins = ["https://*.github.io"], credentials } }
/// ```
pub use cors_macros::policy_actix as policy;

pub use middleware::{Cors, CorsFuture, CorsService};
pub use routes::Routes;

/// Lists annotated handlers, as [`Routes`]. The list registers nothing: it is there to be
/// printed, to be checked, and for [`Cors::around`].
///
/// # Examples
///
/// ```
/// use actix_web::{App, Responder, get};
/// use cors_actix::{cors, routes};
///
/// #[cors(origins = "*")]
/// #[get("/status")]
/// async fn status() -> impl Responder {
///     "fine"
/// }
///
/// println!("{}", routes![status].table());
/// let app = App::new().service(status);
/// ```
#[macro_export]
macro_rules! routes {
    ($($handler:path),* $(,)?) => {
        $crate::Routes::new()$(.with(&$handler))*
    };
}

/// What expanded code is made of. Not public: anything here may change in any release.
#[doc(hidden)]
pub mod __private {
    pub use crate::endpoint::{Annotated, Endpoint, admits, annotation, is_preflight_for};
    pub use crate::middleware::Cors;
    pub use actix_web::guard::GuardContext;
    pub use cors_core::__private::{
        AllowedHeaders, Cow, ExactSet, OriginSet, Origins, Pattern, Port, Switches, Table, Value,
        Wildcard, policy,
    };
    pub use cors_core::Policy;
}
