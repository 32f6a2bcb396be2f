//! CORS policies above axum handlers, checked while the program is compiled.
//!
//! ```
//! use axum::{Router, routing::get};
//! use cors_axum::{Routes, cors, policy, routes};
//!
//! policy! { static PUBLIC = { origins = "*" } }
//!
//! #[cors(origins = "*")]
//! #[get("/users/{id}")]
//! async fn get_user() -> &'static str {
//!     "Ada"
//! }
//!
//! #[cors(origins = ["https://app.example.com"], credentials, headers = ["content-type"])]
//! #[put("/users/{id}")]
//! async fn update_user(body: String) -> String {
//!     body
//! }
//!
//! fn api() -> Routes {
//!     routes![get_user, update_user]
//!         .get("/version", || async { "1.0" }, &PUBLIC) // what cannot carry an attribute
//!         .nest("/api")
//! }
//!
//! // What is put on the router in here is inside of CORS.
//! let app: Router = api().into_app(|router| router.route("/health", get(|| async { "fine" })));
//! ```
//!
//! A preflight for `PUT /api/users/1` is answered by the policy of `update_user`, one for
//! `GET /api/users/1` by the policy of `get_user`. Every response of a handler carries the headers
//! of its policy, errors and rejections included; `/health` has no policy.
//!
//! A policy that is unsafe, or can never have an effect, does not compile:
//!
//! ```compile_fail
//! use cors_axum::cors;
//!
//! // error: origin `*` cannot be used with credentials [origin-any-with-credentials]
//! #[cors(origins = "*", credentials)]
//! #[get("/me")]
//! async fn me() -> &'static str {
//!     "Ada"
//! }
//! ```
//!
//! # Building an app
//!
//! A preflight must not reach authentication, and what authentication answers by itself (a 401, a
//! 429) must carry the CORS headers, or the front end cannot read it. [`Routes::into_app`] puts
//! CORS outside of everything that its closure adds:
//!
//! ```
//! # use axum::{Router, extract::{Request, State}, http::StatusCode, middleware::{Next, from_fn}};
//! # use axum::response::{IntoResponse, Response};
//! # use cors_axum::{Routes, cors, methods, policy, routes};
//! # async fn authenticate(request: Request, next: Next) -> Response { next.run(request).await }
//! # async fn not_found() -> StatusCode { StatusCode::NOT_FOUND }
//! policy! { static APP = { origins = ["https://app.example.com"], credentials } }
//!
//! #[cors(policy = APP)]
//! #[get("/me")]
//! async fn me(State(name): State<String>) -> String {
//!     name
//! }
//!
//! mod admin {
//!     # use axum::{extract::Request, middleware::{Next, from_fn}, response::Response};
//!     use cors_axum::{Routes, cors, methods};
//!     # async fn audit(request: Request, next: Next) -> Response { next.run(request).await }
//!
//!     // A route attribute without a path: `Routes::route` gives it one.
//!     #[cors(origins = ["https://admin.example.com"], credentials)]
//!     #[delete]
//!     async fn delete_user() {}
//!
//!     pub fn routes() -> Routes<String> {
//!         Routes::new()
//!             .route("/users/{id}", methods![delete_user])
//!             .layer(from_fn(audit)) // around the handlers of this list, inside of CORS
//!     }
//! }
//!
//! let app: Router = routes![me]
//!     .merge(admin::routes().nest("/admin"))
//!     .default_policy(&APP) // of everything that is none of the routes; without it, none
//!     .explain(cfg!(debug_assertions)) // rejections with their reasons, while developing
//!     .into_app(|router| router.fallback(not_found).layer(from_fn(authenticate)))
//!     .with_state("Ada".to_owned());
//! ```
//!
//! - Handlers of one path meet in one list, by [`Routes::merge`] and [`Routes::nest`]. A method that
//!   two of them serve panics at start-up, and the message names both locations. axum itself panics
//!   where a plain handler has a path and a method of the list.
//! - [`Routes::get`] and its kind register what cannot carry an attribute: closures, generic and
//!   associated functions, services. [`Routes::with_state`] lets lists with different states meet.
//! - The name of an annotated handler is no handler: `get(me)` does not compile, because the policy
//!   would be lost. In unit tests, `me::call(..)` is the function.
//! - `#[cors(...)]` on an inline `mod` is the default of the handlers in it; an annotation on a
//!   handler, or on a module inside, replaces it whole. `#[cors(none)]` takes a handler out of CORS. What
//!   may be a handler and cannot be seen from the module does not compile: a call of a macro, a route
//!   attribute under another name.
//! - [`check`] sends preflights through your built app, in your tests, and finds routes whose policy
//!   does not come through.
//!
//! # What is promised
//!
//! The policy of a handler decides about every request that axum routes to it: its preflights are
//! answered before anything of yours runs, its responses carry its headers whichever layer made them,
//! and under `enforce` it does not run for requests that are rejected.
//!
//! # What is not promised
//!
//! - **Layers that were not given the list** ([`CorsLayer::new`]) answer preflights by their own
//!   policy. A policy inside of them is strict: cross-origin requests whose origin, method or cookies it
//!   does not allow get 403 before anything inside of it runs. Which request headers a page may send, and
//!   whether it may call a private network, the layer alone decides: a request does not show which of its
//!   headers the page has set. The log has a warning, once for each handler.
//!   The same holds for a list that becomes a plain router (`Router::merge(routes![...])`) below
//!   such a layer; and a layer of any other kind around such a router receives its preflights.
//! - **Another CORS layer** outside of the app can add, replace or remove headers and answer
//!   preflights, and so weaken a policy. Nothing inside can prevent that; [`check`] finds one
//!   that answers preflights.
//! - **A middleware that drops the extensions of the request** below a layer with a policy of its own
//!   makes the policies inside of it unaware of that layer: they are not strict, and the layer
//!   writes its own headers on their responses.
//! - **A method that is rewritten after axum has matched the path**, by a layer between that match and
//!   the handlers: the preflight was answered for the method that was sent. Where the layer is inside
//!   of CORS, the handler that runs is strict.
//! - **A 405 of a plain handler** on a path of the list counts as the 405 of the path: it carries what
//!   all policies of the path agree on.
//! - [`CorsLayer::for_routes`] reads what the router that it is put on has matched. Around a router
//!   that is itself a service on a route of another one, it would read the path of that route.
//! - **`Host` rewritten by a proxy.** Where a browser sends no fetch metadata (WebSocket handshakes,
//!   plain `http`), `enforce` takes an `Origin` for the server's own if its host and port are those of
//!   `Host`. Behind a proxy that rewrites `Host`, name the API's own origin in `origins`, or let the
//!   proxy pass `Host` on.
//!
//! # Features
//!
//! - `tracing` (default): rejections are events of the target `cors`, at most ten a second for each
//!   handler.
//! - `metrics`: decisions are counted in `cors_requests_total`, by outcome, reason and handler.
//! - `patterns`: [`PolicyBuilder::origin_patterns`] at run time, with what proves them safe; the
//!   attribute does without.
//! - `serde`: [`PolicySpec`] is read from configuration, with the keys of the attribute.
//! - `gateway`: configurations for NGINX, HAProxy, Envoy and the Kubernetes Gateway API from the
//!   [`RouteTable`].
//! - `lock`: the [`RouteTable`] is written and read back as a document, and two of these are compared.
//! - `testing`: a [browser for tests](testing) of a built app; with `testing-network` also of a server
//!   that runs somewhere.

mod check;
mod endpoint;
mod handler;
mod layer;
mod list;
mod methods;
mod path;
mod response;
mod routes;
#[cfg(feature = "testing")]
pub mod testing;

pub use check::check;
#[cfg(feature = "gateway")]
pub use cors_core::gateway;
#[cfg(feature = "lock")]
pub use cors_core::{Change, Effect, TableDiff, TableLock};
pub use cors_core::{
    CheckError, Danger, Explanation, Field, Location, MaxAge, Nearest, Policy, PolicyBuilder,
    PolicyCell, PolicyRef, PolicySpec, Rejection, RouteTable, Rule, Selection, Snapshot, Tolerated,
    Variable, Violation, Violations,
};
pub use endpoint::RegisterWithRoutes;

/// ```
/// use cors_axum::cors;
///
/// #[cors(origins = ["https://app.example.com"], credentials, max_age = "2h")]
/// #[get("/me")]
/// async fn me() -> &'static str {
///     "Ada"
/// }
/// ```
///
/// The route attributes `#[get]`, `#[post]`, `#[put]`, `#[patch]`, `#[delete]`, `#[head]`,
/// `#[options]` and `#[route("/path", method = "GET", method = "PUT")]` are read and removed.
/// [`routes!`] registers the handler, [`methods!`] does where the route attribute names no path;
/// the function itself is `me::call`.
///
/// ```compile_fail
/// use cors_axum::cors;
///
/// // error: it would match `https://evil-example.com` [wildcard-partial-label]
/// #[cors(origins = ["https://*example.com"])]
/// #[get("/me")]
/// async fn me() -> &'static str {
///     "Ada"
/// }
/// ```
///
/// # Reference
///
pub use cors_macros::cors_axum as cors;

/// Declares named policies: the grammar and the rules of [`macro@cors`], for policies that
/// several handlers share.
///
/// # Examples
///
/// ```
/// use cors_axum::{cors, policy};
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
/// async fn reports() -> &'static str {
///     "..."
/// }
/// ```
///
/// What is unsafe there does not compile either:
///
/// ```compile_fail
/// // error: anyone can register `https://evil.github.io` [wildcard-public-suffix]
/// cors_axum::policy! { static ALL_PAGES = { origins = ["https://*.github.io"], credentials } }
/// ```
pub use cors_macros::policy_axum as policy;

pub use layer::{CorsFuture, CorsLayer, CorsService};
pub use methods::Methods;
pub use routes::Routes;

/// Lists annotated handlers, as [`Routes`].
///
/// # Examples
///
/// ```
/// use axum::{Router, extract::State};
/// use cors_axum::{cors, routes};
///
/// #[cors(origins = ["https://app.example.com"])]
/// #[get("/greeting")]
/// async fn greeting(State(name): State<String>) -> String {
///     format!("Hello, {name}")
/// }
///
/// // The type of the state comes from the handlers.
/// let app: Router = routes![greeting].into_app(|router| router).with_state("Ada".to_owned());
/// ```
pub use cors_macros::routes_axum as routes;

/// Lists annotated handlers of one path, for [`Routes::route`]: [`Methods`].
///
/// # Panics
///
/// If two of the handlers serve the same method; the message names both places.
///
/// # Examples
///
/// ```
/// use axum::Router;
/// use cors_axum::{Routes, cors, methods};
///
/// #[cors(origins = "*")]
/// #[get]
/// async fn list() -> &'static str {
///     "[]"
/// }
///
/// #[cors(origins = ["https://admin.example.com"], credentials)]
/// #[post]
/// async fn create() {}
///
/// let list: Routes = Routes::new().route("/users", methods![list, create]);
/// let app: Router = list.into_app(|router| router);
/// ```
pub use cors_macros::methods_axum as methods;

/// What expanded code is made of. Not public: anything here may change in any release.
#[doc(hidden)]
pub mod __private {
    pub use crate::Routes;
    pub use crate::endpoint::{Annotated, RegisterWithRoutes, Routed, Welded};
    pub use cors_core::__private::*;

    pub use crate::list::{Unknown, list, method, route};

    use crate::Methods;

    /// The handlers of one path.
    pub fn methods<S>(routes: Routes<S>) -> Methods<S>
    where
        S: Clone + Send + Sync + 'static,
    {
        Methods::of(routes)
    }
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
