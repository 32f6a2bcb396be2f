//! What an adapter for a framework is built on.
//!
//! An adapter registers routes, reads the head of a request, makes one call, and does what it
//! returns:
//!
//! ```text
//! request ──▶ on_request ──▶ Step::Respond(reply)    send it; nothing else runs
//!                        ├─▶ Step::Forward(pending)  run what is inside, then
//!                        │                           pending.on_response(&mut response)
//!                        └─▶ Step::PassThrough       no policy of ours applies
//! ```
//!
//! Deciding, writing, logging and counting happen behind these two calls.
//!
//! # Which call
//!
//! - [`LayerPolicy`]: a layer or a middleware that was given no routes.
//! - [`Endpoint`]: a handler, where the framework has routed the request to it.
//! - [`PathRoutes`]: everything that is registered on one path; it answers the preflights.
//! - [`RouteIndex`]: a layer or a middleware that was given the routes.
//!
//! [`RouteList`] collects routes, finds those that exclude each other, and makes the index of them.
//!
//! # What travels
//!
//! A nested policy must know of the policy around it: an adapter puts [`Pending::outer`] into
//! the extensions of the request, and [`RequestHead::outer`] reads it. A policy inside of another
//! marks its response, so that the outer one leaves it alone: [`ResponseHead::set_mark`] puts
//! [`Marked`] into the extensions of the response, or takes it out.
//!
//! # Examples
//!
//! A layer for `http` 1, without a framework:
//!
//! ```
//! # #[cfg(feature = "http1")] {
//! use cors_core::Policy;
//! use cors_core::adapter::{LayerPolicy, Step};
//! use http::{Request, Response};
//!
//! fn call(
//!     cors: &LayerPolicy,
//!     mut request: Request<()>,
//!     inner: impl Fn(Request<()>) -> Response<String>,
//! ) -> Response<String> {
//!     match cors.on_request(&request) {
//!         Step::Respond(reply) => {
//!             let mut response = Response::new(String::new());
//!             *response.body_mut() = reply.write(&mut response).unwrap_or_default();
//!             response
//!         }
//!         Step::Forward(mut pending) => {
//!             request.extensions_mut().insert(pending.outer());
//!             let mut response = inner(request);
//!             pending.on_response(&mut response);
//!             response
//!         }
//!         Step::PassThrough => inner(request),
//!     }
//! }
//!
//! let policy = Policy::builder().origins(["https://app.example.com"]).build().unwrap();
//! let cors = LayerPolicy::new(policy);
//! let request =
//!     Request::get("/").header("origin", "https://app.example.com").body(()).unwrap();
//! let response = call(&cors, request, |_| Response::new("hello".into()));
//! assert_eq!(response.headers()["access-control-allow-origin"], "https://app.example.com");
//! # }
//! ```

pub(crate) mod annotation;
pub(crate) mod candidate;
pub(crate) mod endpoint;
#[cfg(any(feature = "http1", feature = "http02"))]
mod http;
pub(crate) mod index;
pub(crate) mod layer;
pub(crate) mod list;
pub(crate) mod path;
pub(crate) mod reference;
pub(crate) mod select;
pub(crate) mod step;
pub(crate) mod table;

pub use self::endpoint::Endpoint;
pub use self::index::{RouteIndex, Routing};
pub use self::layer::LayerPolicy;
pub use self::list::RouteList;
pub use self::path::PathRoutes;
pub use self::step::{Marked, Pending, Reply, ResponseHead, Step};
pub use self::table::{Matching, Methods, Route, nested_path, segments};
pub use crate::header::value::{Value, Wire};
pub use crate::protocol::nested::{EndpointId, Outer};
pub use crate::protocol::request::{RequestHead, RequestHeader};
pub use crate::protocol::response::{ResponseHeader, ResponseHeaders};
