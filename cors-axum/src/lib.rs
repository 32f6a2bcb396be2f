//! CORS policies above axum handlers, checked while the program is compiled.
//!
//! ```
//! use axum::Router;
//! use cors_axum::{cors, routes};
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
//! let app: Router = Router::new().merge(routes![get_user, update_user]);
//! ```
//!
//! A preflight for `PUT /users/1` is answered by the policy of `update_user`, one for
//! `GET /users/1` by the policy of `get_user`. Every response carries the headers of its
//! handler's policy, errors and rejections included.
//!
//! A policy that is unsafe, or can never do what it says, does not compile:
//!
//! ```compile_fail
//! use cors_axum::cors;
//!
//! #[cors(origins = "*", credentials)] // any site could read what only you may see
//! #[get("/me")]
//! async fn me() -> &'static str {
//!     "Ada"
//! }
//! ```
//!
//! # Layers, and where they stand
//!
//! A preflight must not meet authentication, and what authentication answers by itself (a
//! 401, a 429) must carry the CORS headers, or the front end sees a riddle. So such layers
//! stand *inside* of CORS:
//!
//! ```
//! # use axum::{Router, extract::Request, middleware::{self, Next}, response::Response};
//! # use cors_axum::{CorsLayer, Policy, Routes, cors, routes};
//! # #[cors(origins = ["https://app.example.com"], credentials)]
//! # #[get("/me")]
//! # async fn me() -> &'static str { "Ada" }
//! # async fn authenticate(request: Request, next: Next) -> Response { next.run(request).await }
//! // The shortest way: the layer goes on the list.
//! let api: Routes = routes![me].layer(middleware::from_fn(authenticate));
//!
//! // A layer that stands around a router already: CORS goes around it in turn.
//! let api: Routes = routes![me].nest("/api");
//! let cors = CorsLayer::around(&api);
//! let app: Router =
//!     Router::new().merge(api).layer(middleware::from_fn(authenticate)).layer(cors);
//! ```
//!
//! - [`CorsLayer::new`] gives a policy to what has none; an annotation inside beats it.
//! - `#[cors(...)]` on an inline `mod` is the default of the handlers in it; an annotation on
//!   a handler replaces it whole. `#[cors(none)]` takes a handler out of CORS.
//! - Nothing is decided by which of two comes last: a method that two handlers of a list serve
//!   on one path is refused at start-up, with both places. Handlers of one path meet in one
//!   list ([`Routes::merge`]); two lists with the same path cannot be merged as routers:
//!   axum panics, and behind that the handlers that met are named, unless panics abort.
//! - [`check`] sends preflights through your built app, in your tests, and finds routes whose
//!   policy does not come through.
//!
//! # Features
//!
//! - `tracing` (default): refusals are events of the target `cors`, at most ten a second.
//! - `metrics`: decisions are counted in `cors_requests_total`, by outcome, reason and handler.

mod check;
mod endpoint;
mod handler;
mod layer;
mod methods;
mod path;
mod response;
mod routes;

pub use check::check;
pub use cors_core::{
    CheckError, Danger, Explanation, Field, Location, MaxAge, Nearest, Policy, PolicyBuilder,
    PolicyRef, PolicySpec, Rejection, RouteTable, Rule, Violation, Violations,
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
/// `#[options]` and `#[route("/path", method = "GET", method = "PUT")]` are read and removed;
/// the function stays an ordinary function. [`routes!`] registers it, [`methods!`] does where
/// the route attribute names no path.
///
/// ```compile_fail
/// use cors_axum::cors;
///
/// #[cors(origins = ["https://*example.com"])] // `https://evil-example.com` would match
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
/// cors_axum::policy! { static ALL_PAGES = { origins = ["https://*.github.io"], credentials } }
/// ```
pub use cors_macros::policy_axum as policy;

pub use layer::{CorsFuture, CorsLayer, CorsService};
pub use methods::Methods;
pub use routes::Routes;

/// Lists annotated handlers, as [`Routes`].
///
/// Of a function without `#[cors(...)]` the compiler says `expected type, found function`.
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
/// let app: Router = Router::new().merge(routes![greeting]).with_state("Ada".to_owned());
/// ```
pub use cors_macros::routes_axum as routes;

/// Makes a [`MethodRouter`](axum::routing::MethodRouter) of annotated handlers, for
/// [`Router::route`](axum::Router::route).
///
/// # Panics
///
/// If two of the handlers serve the same method; the message names both places.
///
/// # Examples
///
/// ```
/// use axum::Router;
/// use cors_axum::{cors, methods};
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
/// let app: Router = Router::new().route("/users", methods![list, create]);
/// ```
pub use cors_macros::methods_axum as methods;

/// What expanded code is made of. Not public: anything here may change in any release.
#[doc(hidden)]
pub mod __private {
    pub use crate::Routes;
    pub use crate::endpoint::{Annotated, RegisterWithRoutes, Routed, Welded};
    pub use cors_core::__private::*;
    pub use cors_core::Policy;
    pub use cors_core::adapter::Endpoint;

    use axum::handler::Handler;

    use crate::Methods;

    /// A list with one handler, whose route attributes name its paths.
    pub fn route<W, H, T, S>(_: W, handler: H) -> Routes<S>
    where
        W: Welded<Endpoint: Routed>,
        H: Handler<T, S>,
        T: 'static,
        S: Clone + Send + Sync + 'static,
    {
        Routes::annotated::<W, H, T>(handler)
    }

    /// A list with one handler, whose path is named elsewhere.
    pub fn method<W, H, T, S>(_: W, handler: H) -> Routes<S>
    where
        W: Welded,
        H: Handler<T, S>,
        T: 'static,
        S: Clone + Send + Sync + 'static,
    {
        Routes::annotated::<W, H, T>(handler)
    }

    /// The handlers of one path.
    pub fn methods<S>(routes: Routes<S>) -> Methods<S>
    where
        S: Clone + Send + Sync + 'static,
    {
        Methods::of(routes)
    }
}
