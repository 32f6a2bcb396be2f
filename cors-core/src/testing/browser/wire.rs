//! What goes over the wire, in both directions.

use std::fmt::{self, Display};

use url::{Position, Url};

use super::cause::PreflightCause;
use super::headers::Headers;

/// A request that the browser sends.
///
/// # Examples
///
/// ```
/// use cors_core::testing::{Next, Page, Request};
///
/// let page = Page::at("https://app.example.com");
/// let Next::Send(exchange) = page.fetch(Request::put("https://api.example.com/users/7")).start()
/// else {
///     unreachable!("a `PUT` to another origin needs a preflight");
/// };
/// let preflight = exchange.request();
/// assert_eq!(preflight.method(), "OPTIONS");
/// assert_eq!(preflight.headers().get("origin").as_deref(), Some("https://app.example.com"));
/// assert_eq!(preflight.headers().get("access-control-request-method").as_deref(), Some("PUT"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    pub(super) method: String,
    pub(super) url: Url,
    pub(super) headers: Headers,
    pub(super) body: Vec<u8>,
}

impl Outgoing {
    /// The method.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The URL, without user and fragment; of a WebSocket, with the scheme `http` or `https`.
    #[must_use]
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// Path and query, as in the first line of the request.
    #[must_use]
    pub fn target(&self) -> String {
        self.url[Position::BeforePath..Position::AfterQuery].to_owned()
    }

    /// The headers, with `Host` and `Content-Length`.
    #[must_use]
    pub const fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

/// A response as a server sent it, before the browser has judged it.
///
/// # Examples
///
/// ```
/// use cors_core::testing::Incoming;
///
/// let response = Incoming::new(200)
///     .header("access-control-allow-origin", b"https://app.example.com")
///     .body("hello");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a response answers an exchange"]
pub struct Incoming {
    pub(super) status: u16,
    pub(super) headers: Headers,
    pub(super) body: Vec<u8>,
}

impl Incoming {
    /// A response without headers and body.
    pub const fn new(status: u16) -> Self {
        Self { status, headers: Headers::new(), body: Vec::new() }
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.append_bytes(name, value.as_ref());
        self
    }

    /// As a browser reads it: some responses have no body, whatever an app that is called without a
    /// socket returns ([Fetch, main fetch, 20](https://fetch.spec.whatwg.org/#main-fetch)).
    pub(super) fn read_for(mut self, method: &str) -> Self {
        if method == "HEAD" || matches!(self.status, 101 | 103 | 204 | 205 | 304) {
            self.body.clear();
        }
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }
}

/// There is no response: the request cannot be sent, or the app fails.
///
/// # Examples
///
/// ```
/// use cors_core::testing::{Incoming, NoResponse, Outgoing};
///
/// async fn send(request: Outgoing) -> Result<Incoming, NoResponse> {
///     match request.url().host_str() {
///         Some("api.example.com") => Ok(Incoming::new(204)),
///         _ => Err(NoResponse::new("no such server")),
///     }
/// }
/// ```
#[derive(Debug)]
pub struct NoResponse(String);

impl NoResponse {
    /// The reason, in the words of the error.
    pub fn new(error: impl Display) -> Self {
        Self(error.to_string())
    }
}

impl Display for NoResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoResponse {}

/// A request that was sent, and the response to it, if there was one.
///
/// # Examples
///
/// See [`Response::exchanges`](super::Response::exchanges).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchanged {
    pub(super) request: Outgoing,
    pub(super) response: Option<Incoming>,
    /// Empty where it is no preflight.
    pub(super) causes: Vec<PreflightCause>,
}

impl Exchanged {
    /// The request.
    #[must_use]
    pub const fn request(&self) -> &Outgoing {
        &self.request
    }

    /// Whether it was a preflight.
    #[must_use]
    pub const fn is_preflight(&self) -> bool {
        !self.causes.is_empty()
    }

    /// What of the call makes the browser send this preflight; nothing for the other requests.
    #[must_use]
    pub fn causes(&self) -> &[PreflightCause] {
        &self.causes
    }

    /// The status of the response.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.response.as_ref().map(|it| it.status)
    }

    /// All headers of the response, also those that the page cannot see.
    #[must_use]
    pub fn response_headers(&self) -> Option<&Headers> {
        self.response.as_ref().map(|it| &it.headers)
    }
}

#[cfg(test)]
mod tests {
    use super::super::page::Page;
    use super::super::request::Request;
    use super::*;

    #[test]
    fn some_responses_have_no_body() {
        for (method, status, expected) in
            [("GET", 200, "x"), ("HEAD", 200, ""), ("POST", 204, ""), ("GET", 404, "x")]
        {
            let answer = Incoming::new(status).header("access-control-allow-origin", "*").body("x");
            let call = Request::new(method, "https://api.example.com/");
            let seen =
                Page::at("https://app.example.com").fetch(call).answered_by(|_| answer.clone());
            assert_eq!(seen.unwrap().text(), expected, "{method}, {status}");
        }
    }
}
