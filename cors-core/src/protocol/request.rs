//! What the engine reads of a request.

use crate::header::value::Wire;
use crate::protocol::nested::Outer;

/// A request header that CORS reads.
///
/// # Examples
///
/// ```
/// assert_eq!(cors_core::adapter::RequestHeader::Origin.as_str(), "origin");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RequestHeader {
    /// `Origin`
    Origin,
    /// `Access-Control-Request-Method`
    AccessControlRequestMethod,
    /// `Access-Control-Request-Headers`
    AccessControlRequestHeaders,
    /// `Access-Control-Request-Private-Network`
    AccessControlRequestPrivateNetwork,
    /// `Sec-Fetch-Site`
    SecFetchSite,
    /// `Sec-Fetch-Mode`
    SecFetchMode,
    /// `Host`
    Host,
    /// `Cookie`
    Cookie,
}

impl RequestHeader {
    /// The name, in lower case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Origin => "origin",
            Self::AccessControlRequestMethod => "access-control-request-method",
            Self::AccessControlRequestHeaders => "access-control-request-headers",
            Self::AccessControlRequestPrivateNetwork => "access-control-request-private-network",
            Self::SecFetchSite => "sec-fetch-site",
            Self::SecFetchMode => "sec-fetch-mode",
            Self::Host => "host",
            Self::Cookie => "cookie",
        }
    }
}

/// The head of a request, as a framework holds it.
///
/// Implemented for `http::Request`, for `http::request::Parts`, and for the parts of a framework's
/// own request, `(&Method, &Uri, &HeaderMap, &Extensions)`, of `http` 1 (feature `http1`) and 0.2
/// (feature `http02`). An adapter implements it where a framework has header maps of its own; the
/// engine asks for what it needs and copies nothing.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "http1")] {
/// use cors_core::adapter::{RequestHead, RequestHeader};
///
/// let request = http::Request::get("/users")
///     .header("origin", "https://app.example.com")
///     .body(())
///     .unwrap();
/// assert_eq!(request.lines(RequestHeader::Origin).count(), 1);
/// # }
/// ```
pub trait RequestHead {
    /// How the framework holds a header value.
    type Value: Wire;

    /// The method, as it was sent.
    fn method(&self) -> &str;

    /// The path, for the log.
    fn path(&self) -> &str;

    /// The host and the port that the request was sent to, where it is not a header: the
    /// authority of its URI (HTTP/2, HTTP/3).
    fn authority(&self) -> Option<&str> {
        None
    }

    /// Whether the method is `OPTIONS`. This is called for every request; a framework that represents
    /// methods as numbers can answer without comparing text.
    #[inline]
    fn is_options(&self) -> bool {
        self.method() == "OPTIONS"
    }

    /// The lines of a header, in the order in which they were sent.
    fn lines(&self, name: RequestHeader) -> impl Iterator<Item = &Self::Value>;

    /// The only line of a header; `None` if it is missing or repeated: browsers never repeat
    /// these, so a repeated one is ambiguous.
    #[inline]
    fn line(&self, name: RequestHeader) -> Option<&Self::Value> {
        let mut lines = self.lines(name);
        let first = lines.next()?;
        lines.next().is_none().then_some(first)
    }

    /// The first line of any header, by its name in lower case: what a policy may be
    /// [chosen](crate::PolicyRef::select) by.
    fn header(&self, name: &str) -> Option<&Self::Value>;

    /// What a policy outside has left in the extensions of the request
    /// ([`Pending::outer`](crate::adapter::Pending::outer)).
    fn outer(&self) -> Option<Outer> {
        None
    }
}
