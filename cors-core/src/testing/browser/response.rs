//! What a page sees of a response ([Fetch, filtered response](https://fetch.spec.whatwg.org/#concept-filtered-response)).

use url::Url;

use super::headers::Headers;
use super::list_values::ListValues;
use super::request::Credentials;
use super::wire::{Exchanged, Incoming};
use crate::validate::names::header::is_never_exposed;

/// The headers that every page sees
/// ([Fetch, CORS-safelisted response-header name](https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name)).
const SAFELISTED: &[&str] = &[
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
    "pragma",
];

/// How much of a response a page sees ([Fetch, type](https://fetch.spec.whatwg.org/#concept-response-type)).
///
/// # Examples
///
/// See [`Response`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseKind {
    /// All of it: it comes from the page's own origin.
    Basic,
    /// What CORS lets it see.
    Cors,
    /// That there is one (`no-cors`).
    Opaque,
    /// That there is a redirect (`redirect: "manual"`).
    OpaqueRedirect,
    /// An open connection.
    WebSocket,
}

/// A response as the page sees it, and beside it what went over the wire.
///
/// # Examples
///
/// ```
/// use cors_core::testing::{Incoming, Outgoing, Page, ResponseKind};
///
/// let page = Page::at("https://app.example.com");
/// let server = |_: &Outgoing| {
///     Incoming::new(200)
///         .header("access-control-allow-origin", "*")
///         .header("access-control-expose-headers", "x-total")
///         .header("x-total", "3")
///         .header("x-served-by", "a7")
///         .body("[1, 2, 3]")
/// };
/// let seen = page.fetch("https://api.example.com/items").answered_by(server)?;
/// assert_eq!((seen.status(), seen.kind()), (200, ResponseKind::Cors));
/// assert_eq!(seen.text(), "[1, 2, 3]");
/// assert_eq!(seen.header("x-total").as_deref(), Some("3"));
/// assert_eq!(seen.header("x-served-by"), None);
/// assert!(seen.hidden_headers().any(|name| name == "x-served-by"));
/// # Ok::<(), cors_core::testing::Failure>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    kind: ResponseKind,
    status: u16,
    headers: Headers,
    body: Vec<u8>,
    url: Option<Url>,
    is_redirected: bool,
    exchanges: Vec<Exchanged>,
}

impl Response {
    /// The part of a response that a page sees.
    pub(super) fn filtered(
        kind: ResponseKind,
        response: Incoming,
        credentials: Credentials,
        urls: &[Url],
        exchanges: Vec<Exchanged>,
    ) -> Self {
        let Incoming { status, mut headers, body } = response;
        let url = urls.last().cloned();
        let is_redirected = urls.len() > 1;
        match kind {
            ResponseKind::Opaque | ResponseKind::OpaqueRedirect => {
                let (status, headers, body) = (0, Headers::new(), Vec::new());
                let url = url.filter(|_| kind == ResponseKind::OpaqueRedirect);
                Self { kind, status, headers, body, url, is_redirected: false, exchanges }
            }
            ResponseKind::Cors | ResponseKind::Basic | ResponseKind::WebSocket => {
                let exposed = Exposed::of(&headers, credentials);
                let is_cors = kind == ResponseKind::Cors;
                headers.retain(|it| !is_never_exposed(it) && (!is_cors || exposed.contains(it)));
                Self { kind, status, headers, body, url, is_redirected, exchanges }
            }
        }
    }

    /// How much the page sees.
    #[must_use]
    pub const fn kind(&self) -> ResponseKind {
        self.kind
    }

    /// The status; 0 if the page does not see it.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Whether the status is 200 to 299.
    #[must_use]
    pub const fn is_ok(&self) -> bool {
        matches!(self.status, 200..300)
    }

    /// A header, if the page sees it.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name)
    }

    /// The headers that the page sees.
    #[must_use]
    pub const fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The names of the headers that the server sent and the page does not see.
    pub fn hidden_headers(&self) -> impl Iterator<Item = &str> {
        let sent = self.exchanges.last().and_then(Exchanged::response_headers);
        let names = sent.into_iter().flat_map(Headers::iter).map(|(name, _)| name);
        names.filter(|name| !self.headers.contains(name))
    }

    /// The body that the page sees.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The body as text; what is no UTF-8 is replaced.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Where it came from, after all redirects; `None` if the page does not see it.
    #[must_use]
    pub const fn url(&self) -> Option<&Url> {
        self.url.as_ref()
    }

    /// Whether a redirect was followed, as far as the page sees it.
    #[must_use]
    pub const fn is_redirected(&self) -> bool {
        self.is_redirected
    }

    /// All that was sent, preflights and redirects included, and what came back.
    #[must_use]
    pub fn exchanges(&self) -> &[Exchanged] {
        &self.exchanges
    }
}

/// What `Access-Control-Expose-Headers` adds.
enum Exposed {
    All,
    These(Vec<String>),
}

impl Exposed {
    /// [Fetch, main fetch, 14](https://fetch.spec.whatwg.org/#main-fetch)
    fn of(headers: &Headers, credentials: Credentials) -> Self {
        let names = ListValues::of(headers, "access-control-expose-headers");
        let names = names.parsed().unwrap_or_default();
        if credentials != Credentials::Include && names.iter().any(|it| it == "*") {
            return Self::All;
        }
        Self::These(names)
    }

    fn contains(&self, name: &str) -> bool {
        SAFELISTED.contains(&name)
            || match self {
                Self::All => true,
                Self::These(names) => names.iter().any(|it| it.eq_ignore_ascii_case(name)),
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn seen(kind: ResponseKind, expose: &str, credentials: Credentials) -> Vec<String> {
        let response = Incoming::new(200)
            .header("access-control-expose-headers", expose)
            .header("content-type", "text/plain")
            .header("set-cookie", "a=b")
            .header("x-a", "1")
            .header("x-b", "2");
        let seen = Response::filtered(kind, response, credentials, &[], Vec::new());
        seen.headers.iter().map(|(name, _)| name.to_owned()).filter(|it| it.len() < 13).collect()
    }

    #[test]
    fn what_is_exposed() {
        use ResponseKind::{Basic, Cors, Opaque};
        let omit = |kind, expose| seen(kind, expose, Credentials::Omit);
        assert_eq!(omit(Cors, ""), ["content-type"]);
        assert_eq!(omit(Cors, "X-A, set-cookie"), ["content-type", "x-a"]);
        assert_eq!(omit(Cors, "x-a, (x-b)"), ["content-type"]);
        assert_eq!(omit(Basic, ""), ["content-type", "x-a", "x-b"]);
        assert!(omit(Opaque, "*").is_empty());
        assert_eq!(omit(Cors, "*"), ["content-type", "x-a", "x-b"]);
        assert_eq!(seen(Cors, "*", Credentials::Include), ["content-type"]);
    }
}
