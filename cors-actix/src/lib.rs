//! CORS policies above actix-web handlers, checked while the program is compiled.
//!
//! ```
//! use actix_web::{App, Responder, get, put, web};
//! use cors_actix::{Routes, cors, policy, routes};
//!
//! policy! { static PUBLIC = { origins = "*" } }
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
//! fn api() -> Routes {
//!     routes![get_user, update_user]
//!         .get("/version", || async { "1.0" }, &PUBLIC) // what cannot carry an attribute
//! }
//!
//! // What is put on the scope in here is inside of CORS.
//! let app = App::new().service(api().into_scope("/api", |scope| {
//!     scope.route("/health", web::get().to(|| async { "fine" }))
//! }));
//! ```
//!
//! A preflight for `PUT /api/users/1` is answered by the policy of `update_user`, one for
//! `GET /api/users/1` by the policy of `get_user`. Every response of a handler carries the headers
//! of its policy, errors and rejections included; `/api/health` has no policy.
//!
//! A policy that is unsafe, or can never have an effect, does not compile:
//!
//! ```compile_fail
//! use actix_web::{Responder, get};
//! use cors_actix::cors;
//!
//! // error: origin `*` cannot be used with credentials [origin-any-with-credentials]
//! #[cors(origins = "*", credentials)]
//! #[get("/me")]
//! async fn me() -> impl Responder {
//!     "Ada"
//! }
//! ```
//!
//! # Building an app
//!
//! A preflight must not reach authentication, and what authentication answers by itself (a 401, a
//! 429) must carry the CORS headers, or the front end cannot read it. [`Routes::into_scope`] and
//! [`Routes::into_app`] put CORS outside of everything that their closure adds:
//!
//! ```
//! # use actix_web::{App, Responder, get, middleware::DefaultHeaders, web};
//! # use cors_actix::{Routes, cors, policy, routes};
//! # fn authentication() -> DefaultHeaders { DefaultHeaders::new() }
//! policy! { static APP = { origins = ["https://app.example.com"], credentials } }
//!
//! // The handler's own `wrap` is inside of its CORS, too.
//! #[cors(policy = APP)]
//! #[get("/me", wrap = "authentication()")]
//! async fn me() -> impl Responder {
//!     "Ada"
//! }
//!
//! mod admin {
//!     use actix_web::{Responder, delete};
//!     use cors_actix::{Routes, cors, routes};
//!
//!     #[cors(origins = ["https://admin.example.com"], credentials)]
//!     #[delete("/users/{id}")]
//!     async fn delete_user() -> impl Responder {
//!         ""
//!     }
//!
//!     pub fn routes() -> Routes {
//!         routes![delete_user]
//!     }
//! }
//!
//! let app = routes![me]
//!     .merge(admin::routes().nest("/admin"))
//!     .default_policy(&APP) // of everything that is none of the routes; without it, none
//!     .explain(cfg!(debug_assertions)) // rejections with their reasons, while developing
//!     .into_app(App::new(), |app| app.wrap(authentication()));
//! ```
//!
//! - Handlers of one path meet in one list, by [`Routes::merge`] and [`Routes::nest`]. A method that
//!   two of them serve panics at start-up, and the message names both locations, unless a guard
//!   chooses between them.
//! - [`Routes::get`] and its kind register what cannot carry an attribute: closures, generic and
//!   associated functions, services.
//! - `App::service` and `Scope::service` take a handler or a list; what is wrapped around it is
//!   then outside of CORS.
//! - The name of an annotated handler is no handler: `web::get().to(me)` does not compile, because
//!   the policy would be lost. In unit tests, `me::call(..)` is the function.
//! - `#[cors(...)]` on an inline `mod` is the default of the handlers in it; an annotation on a
//!   handler, or on a module inside, replaces it whole. `#[cors(none)]` takes a handler out of CORS. What
//!   may be a handler and cannot be seen from the module does not compile: a call of a macro, a route
//!   attribute under another name.
//! - [`check`] sends preflights through your built app, in your tests, and finds routes whose policy
//!   does not come through.
//! - `actix_web::routes` (the attribute) and [`routes!`] have one name: a module can import one of
//!   them, and writes the other with its path.
//!
//! # What is promised
//!
//! The policy of a handler decides about every request that actix routes to it: its preflights are
//! answered before its own `wrap` or the handler runs, its responses carry its headers whichever
//! middleware made them, and under `enforce` it does not run for requests that are rejected.
//!
//! # What is not promised
//!
//! - **Middlewares that were not given the list** ([`Cors::new`]) answer preflights by their own
//!   policy. A policy inside of them is strict: cross-origin requests whose origin, method or cookies it
//!   does not allow get 403 before anything inside of it runs. Which request headers a page may send, and
//!   whether it may call a private network, the middleware alone decides: a request does not show which of its
//!   headers the page has set. The log has a warning, once for each handler.
//!   A middleware of any other kind around a list that was registered with `App::service` receives
//!   its preflights.
//! - **Another CORS middleware** outside of the app can add, replace or remove headers and
//!   answer preflights, and so weaken a policy. Nothing inside can prevent that; [`check`] finds one
//!   that answers preflights.
//! - **A middleware that clears the extensions of the request** inside of one with a policy of its own
//!   makes the policies inside unaware of that one: they are not strict, and the outer one writes its
//!   own headers on their responses.
//! - **A middleware that rewrites the path** (`NormalizePath`) belongs outside: wrap it around what
//!   [`Routes::into_app`] returns. Inside, the preflight for a path that becomes one of the list only there
//!   meets the middlewares in front of the handler.
//! - **Handlers of one path in several lists, or beside plain resources.** actix tries one resource
//!   after the other, and a list contains only its own. Where a resource that is registered earlier
//!   matches the path (or a scope with a guard its prefix), a preflight is rejected with the reason
//!   `handler-not-known` in the log: the actual request may reach that resource. Put the handlers of
//!   a path into one list. An earlier resource differs from one of the list by its path and its name,
//!   and actix names a handler after its function: do not give two handlers of one path one name.
//! - **Guards are not called for preflights**, which lack what guards look for. Where guards choose
//!   between handlers of a list, a preflight is allowed only if each of their policies allows it. If
//!   all of them decline the actual request, actix tries what is registered behind the list: a plain
//!   resource may then serve what was allowed for the guarded handler.
//! - [`Cors::for_routes`] around a scope that has a guard cannot detect that the scope declines:
//!   use [`Routes::into_scope`] inside of that scope.
//! - **A method that no handler of a path serves** is answered by actix. So is an `OPTIONS` that is no
//!   preflight and has no handler, with 404: a resource of ours would shadow an `#[options]` handler
//!   that is registered later.
//! - **`Host` rewritten by a proxy.** Where a browser sends no fetch metadata (WebSocket handshakes,
//!   plain `http`), `enforce` takes an `Origin` for the server's own if its host and port are those of
//!   `Host`. Behind a proxy that rewrites `Host`, name the API's own origin in `origins`, or let the
//!   proxy pass `Host` on.
//!
//! **A preflight for a method that only a wider path of the list serves** (`PUT /users/me`, where the
//! list has `GET /users/me` and `PUT /users/{id}`) is answered by the handler of the wider path, so
//! middlewares in between receive it. So is one for a method that both paths serve, the narrower
//! being registered before, if their policies differ about it. Everything else is answered outside of
//! them.
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
mod head;
mod middleware;
mod resource;
mod response;
mod routes;
#[cfg(feature = "testing")]
pub mod testing;
mod wrap;

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
/// resource that also takes the preflights for its methods. The function itself is `me::call`.
///
/// ```compile_fail
/// use actix_web::{Responder, get};
/// use cors_actix::cors;
///
/// // error: it would match `https://evil-example.com` [wildcard-partial-label]
/// #[cors(origins = ["https://*example.com"])]
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
/// // error: anyone can register `https://evil.github.io` [wildcard-public-suffix]
/// cors_actix::policy! { static ALL_PAGES = { origins = ["https://*.github.io"], credentials } }
/// ```
pub use cors_macros::policy_actix as policy;

pub use middleware::{Cors, CorsFuture, CorsService};
pub use routes::Routes;
pub use wrap::AnyService;

/// Lists annotated handlers, as [`Routes`]: to register, to print and to check.
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
/// let app = routes![status].into_app(App::new(), |app| app);
/// ```
pub use cors_macros::routes_actix as routes;

/// What expanded code is made of. Not public: anything here may change in any release.
#[doc(hidden)]
pub mod __private {
    pub use crate::Routes;
    pub use crate::endpoint::{Annotated, RegisterWithRoutes, Welded};
    pub use crate::resource::Mount;
    pub use actix_web::dev::AppService;
    pub use actix_web::guard::fn_guard;
    pub use cors_core::__private::*;

    /// A list with one handler.
    pub fn route<W: Welded>(_: W) -> Routes {
        Routes::annotated::<W::Endpoint>()
    }
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
