//! CORS policies: how they are declared and validated, and what they decide about a request.
//!
//! Most programs use this crate through `cors-axum` or `cors-actix`, whose `#[cors(...)]`
//! attribute runs the rules of this crate while the program is compiled. Use it directly
//! to build a policy at run time, or to write an [`adapter`] for another framework.
//!
//! ```text
//! PolicySpec ──validate──▶ Policy ──on_request(head)──▶ Step ──on_response──▶ headers
//!               │
//!               └──▶ Violations: all of them, each with rule, place, value and remedy
//! ```
//!
//! # Examples
//!
//! ```
//! use cors_core::Policy;
//!
//! let policy = Policy::builder()
//!     .origins(["https://app.example.com"])
//!     .credentials()
//!     .build()?;
//!
//! let violations = Policy::builder().origins(["*"]).credentials().build().unwrap_err();
//! assert_eq!(violations.iter().next().unwrap().rule().as_str(), "origin-any-with-credentials");
//! # Ok::<(), cors_core::Violations>(())
//! ```
//!
//! # What CORS does not do
//!
//! CORS tells browsers which pages may *read* a response. It is not authentication, and it
//! does not stop a page from *sending* a simple request: it is no protection against CSRF.
//!
//! # Features
//!
//! - `engine` (default): what decides about requests, and explains it: the module [`adapter`]. The macro
//!   only validates policies, and does without.
//! - `http1`: header values ready to send as `http` 1 values (axum, tower, hyper 1).
//! - `http02`: header values ready to send as `http` 0.2 values (actix-web 4).
//! - `patterns`: origin patterns at run time; brings the machinery that proves them safe.
//! - `serde`: [`PolicySpec`] is read from TOML, YAML, JSON or the environment, and written.
//! - `lock`: [`RouteTable`] is written and read back as a `TableLock`, and two of these are compared.
//! - `gateway`: the same policies as configurations for NGINX, HAProxy, Envoy and the Kubernetes
//!   Gateway API.
//! - `tracing`: rejections are events of the target `cors`, at most ten a second for each handler, and
//!   so is what a [candidate](PolicyRef::with_candidate) would decide otherwise.
//! - `metrics`: decisions are counted in `cors_requests_total`, and what a candidate would decide
//!   otherwise in `cors_candidate_total`.
//! - `testing`: a browser for tests, in the module `testing`; with `testing-network` its calls over
//!   sockets.

#![cfg_attr(
    not(feature = "engine"),
    allow(dead_code, unreachable_pub, reason = "the engine calls what is never used")
)]

#[cfg(feature = "engine")]
pub mod adapter;
mod data;
mod declaration;
#[cfg(feature = "engine")]
mod explain;
#[cfg(feature = "gateway")]
pub mod gateway;
mod header;
#[cfg(feature = "lock")]
mod lock;
mod origin;
#[cfg(feature = "patterns")]
#[doc(hidden)]
pub mod pattern;
mod policy;
#[cfg(feature = "engine")]
mod protocol;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(all(feature = "engine", not(feature = "testing")))]
mod testing;
mod validate;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use declaration::name::UnknownName;
pub use declaration::rule::Rule;
pub use declaration::spec::{Danger, MaxAge, PolicySpec};
pub use declaration::variable::Variable;
pub use declaration::violation::{Field, Location, Violation, Violations};
#[cfg(feature = "lock")]
pub use lock::{Change, Effect, TableDiff, TableLock};
pub use policy::Policy;
pub use policy::build::Tolerated;
pub use policy::builder::PolicyBuilder;
pub use policy::cell::PolicyCell;
pub use policy::snapshot::Snapshot;
#[cfg(feature = "engine")]
pub use {
    adapter::reference::PolicyRef,
    adapter::select::Selection,
    adapter::table::RouteTable,
    explain::{Explanation, Nearest},
    protocol::rejection::Rejection,
    testing::check::{CheckError, Probe, ProbeAnswer},
};
