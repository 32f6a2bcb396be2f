//! The requests of the browser as requests of `http` 1.

use super::wire::{Incoming, Outgoing};

impl TryFrom<&Outgoing> for http::Request<Vec<u8>> {
    type Error = http::Error;

    /// As a server receives it: the URI is the path and the query.
    ///
    /// # Errors
    ///
    /// What browsers send and `http` has no type for: a control character in the value of a header,
    /// a path and query of 64 KiB.
    fn try_from(request: &Outgoing) -> Result<Self, http::Error> {
        let mut built = http::Request::builder().method(request.method()).uri(request.target());
        for (name, value) in request.headers().iter_bytes() {
            built = built.header(name, value);
        }
        built.body(request.body().to_vec())
    }
}

impl From<http::Response<Vec<u8>>> for Incoming {
    fn from(response: http::Response<Vec<u8>>) -> Self {
        let (parts, body) = response.into_parts();
        let incoming = Self::new(parts.status.as_u16()).body(body);
        parts.headers.iter().fold(incoming, |it, (name, value)| it.header(name.as_str(), value))
    }
}
