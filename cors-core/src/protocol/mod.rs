//! What a policy decides about a request, and what it writes on a response.
//!
//! The branches follow the [CORS protocol][1] of the Fetch standard. Nothing here allocates on
//! the way to a rejection, and what a request can make it do is bounded by the policy.
//!
//! [1]: https://fetch.spec.whatwg.org/#http-cors-protocol

pub(crate) mod actual;
pub(crate) mod cross_origin;
pub(crate) mod nested;
pub(crate) mod partial;
pub(crate) mod preflight;
pub(crate) mod rejection;
pub(crate) mod request;
pub(crate) mod requested_headers;
pub(crate) mod response;
pub(crate) mod write;
