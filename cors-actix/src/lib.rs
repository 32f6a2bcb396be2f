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
//!
//! # Middlewares, and where they stand
//!
//! A preflight must not meet authentication, and what authentication answers by itself (a
//! 401, a 429) must carry the CORS headers, or the front end sees a riddle. So such
//! middlewares stand *inside* of CORS:
//!
//! ```
//! # use actix_web::{App, Responder, get, middleware::NormalizePath, web};
//! # use cors_actix::{Cors, cors, routes};
//! # fn authentication() -> NormalizePath { NormalizePath::trim() }
//! // The shortest way: the handler's own `wrap` runs inside of its CORS.
//! #[cors(origins = ["https://app.example.com"], credentials)]
//! #[get("/me", wrap = "authentication()")]
//! async fn me() -> impl Responder {
//!     "Ada"
//! }
//!
//! // A middleware around a scope: CORS goes around it in turn, as its last wrap.
//! let scope = web::scope("/api")
//!     .service(me)
//!     .wrap(authentication())
//!     .wrap(Cors::around(&routes![me]));
//! let app = App::new().service(scope);
//! ```
//!
//! - [`Cors::new`] gives a policy to what has none; an annotation inside beats it.
//! - `#[cors(...)]` on an inline `mod` is the default of the handlers in it; an annotation on
//!   a handler replaces it whole. `#[cors(none)]` takes a handler out of CORS.
//! - actix uses the first of two handlers for one method and path, silently. A list
//!   ([`routes!`]) refuses two annotated ones at start-up, with both places, and so does the root
//!   of an app. In a scope only a list sees them.
//! - [`check`] sends preflights through your built app, in your tests, and finds routes whose
//!   policy does not come through.
//!
//! # What differs from axum, and why
//!
//! Routing stays actix's. A request that no handler's guards let in is answered by actix,
//! with 404 and without CORS headers: a preflight for a method that nobody serves, an
//! `OPTIONS` that is no preflight and has no handler. A resource of ours in their place would
//! shadow an `#[options]` handler that you register later. For the same reason, register
//! an `#[options]` handler of your own *behind* the annotated handlers of its path, or
//! annotate it too. And [`Cors`] cannot see which handlers inside are annotated: an
//! `enforce` of its policy refuses disallowed origins for those too.
//!
//! # Features
//!
//! - `tracing` (default): refusals are events of the target `cors`, at most ten a second.
//! - `metrics`: decisions are counted in `cors_requests_total`, by outcome, reason and handler.

mod check;
mod endpoint;
mod head;
mod middleware;
mod resource;
mod response;
mod routes;
mod wrap;

pub use check::check;
pub use cors_core::{
    CheckError, Danger, Explanation, Field, Location, MaxAge, Nearest, Policy, PolicyBuilder,
    PolicyRef, PolicySpec, Rejection, RouteTable, Rule, Violation, Violations,
};
pub use endpoint::RegisterWithRoutes;

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
/// `#[options]`, `#[route(...)]`, `#[routes]`) and takes their place: the handler is
/// registered as they would register it, with their options `name`, `guard` and `wrap`, as one
/// resource that lets in preflights for its methods too.
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
pub use wrap::AnyService;

/// Lists annotated handlers, as [`Routes`]: to register, to print, to check, and for
/// [`Cors::around`].
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
/// let app = App::new().service(routes![status]);
/// ```
pub use cors_macros::routes_actix as routes;

/// What expanded code is made of. Not public: anything here may change in any release.
#[doc(hidden)]
pub mod __private {
    pub use crate::Routes;
    pub use crate::endpoint::{Annotated, Mounted, RegisterWithRoutes, Welded};
    pub use crate::resource::Mount;
    pub use actix_web::dev::AppService;
    pub use actix_web::guard::fn_guard;
    pub use cors_core::__private::*;
    pub use cors_core::Policy;
    pub use cors_core::adapter::Endpoint;

    /// A list with one handler.
    pub fn route<W: Welded>(_: W) -> Routes {
        Routes::annotated::<W::Endpoint>()
    }
}
