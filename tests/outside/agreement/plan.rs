//! What servers answer, and what pages call.

use std::sync::Arc;

use cors_core::Policy;
use serde::Serialize;

/// The hosts. The page is on the first, so that the others are of its own site, of another site, and of
/// another port.
pub(crate) const HOSTS: [&str; 4] =
    ["app.localhost", "api.app.localhost", "other.localhost", "app.localhost"];

/// Which of the two ports the servers of [`HOSTS`] are on.
pub(crate) const PORTS: [usize; 4] = [0, 1, 1, 1];

/// A few calls to one URL, and how it is answered.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) page: PageKind,
    /// The servers, in the order in which redirects lead to them.
    pub(crate) hops: Vec<Hop>,
    pub(crate) calls: Vec<Call>,
}

/// Where the calls are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageKind {
    Top,
    /// A sandboxed frame.
    Frame,
}

#[derive(Debug)]
pub(crate) struct Hop {
    /// Of [`HOSTS`].
    pub(crate) host: usize,
    pub(crate) cors: Cors,
    pub(crate) preflight: Answer,
    pub(crate) actual: Answer,
    /// What stands in `Location`, where it is no URL of the next hop.
    pub(crate) location: Option<String>,
}

/// Where the CORS headers of a response come from.
#[derive(Debug)]
pub(crate) enum Cors {
    /// The headers of the answers.
    ByHand,
    /// A policy, around them.
    Policy(Arc<Policy>),
}

#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// `@origin` in a value stands for the origin of the request.
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// A call, as `fetch` takes it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<String>,
    pub(crate) mode: &'static str,
    pub(crate) credentials: &'static str,
    pub(crate) redirect: &'static str,
    pub(crate) cache: &'static str,
}
