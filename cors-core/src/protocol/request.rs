//! What the engine reads of a request.

use crate::header::value::Wire;

/// A request header that CORS reads.
///
/// # Examples
///
/// ```
/// assert_eq!(cors_core::RequestHeader::Origin.name(), "origin");
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
    /// `Content-Type`
    ContentType,
    /// `Host`
    Host,
}

impl RequestHeader {
    /// The name, in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Origin => "origin",
            Self::AccessControlRequestMethod => "access-control-request-method",
            Self::AccessControlRequestHeaders => "access-control-request-headers",
            Self::AccessControlRequestPrivateNetwork => "access-control-request-private-network",
            Self::SecFetchSite => "sec-fetch-site",
            Self::SecFetchMode => "sec-fetch-mode",
            Self::ContentType => "content-type",
            Self::Host => "host",
        }
    }
}

/// The head of a request, as a framework holds it.
///
/// An adapter implements it for its own request type; the engine asks for what it needs
/// and copies nothing.
///
/// # Examples
///
/// ```
/// use cors_core::{RequestHead, RequestHeader, Value, Wire};
///
/// #[derive(Clone)]
/// struct Line(String);
/// impl Wire for Line {
///     fn from_value(value: &Value) -> Self { Self(value.as_str().to_owned()) }
///     fn as_bytes(&self) -> &[u8] { self.0.as_bytes() }
/// }
///
/// struct Head(&'static str, Vec<(&'static str, Line)>);
/// impl RequestHead for Head {
///     type Value = Line;
///     fn method(&self) -> &str { self.0 }
///     fn lines(&self, name: RequestHeader) -> impl Iterator<Item = &Line> {
///         self.1.iter().filter(move |(n, _)| *n == name.name()).map(|(_, line)| line)
///     }
/// }
///
/// let head = Head("GET", vec![("origin", Line("https://app.example.com".into()))]);
/// assert_eq!(head.lines(RequestHeader::Origin).count(), 1);
/// ```
pub trait RequestHead {
    /// How the framework holds a header value.
    type Value: Wire;

    /// The method, as it came.
    fn method(&self) -> &str;

    /// The path, for the log; `None` unless the framework tells.
    fn path(&self) -> Option<&str> {
        None
    }

    /// Whether the method is `OPTIONS`, which every request is asked. A framework that holds
    /// methods as numbers knows it without comparing text.
    #[inline]
    fn is_options(&self) -> bool {
        self.method() == "OPTIONS"
    }

    /// The lines of a header, in the order they came.
    fn lines(&self, name: RequestHeader) -> impl Iterator<Item = &Self::Value>;

    /// The only line of a header; `None` where it is missing or repeated.
    fn line(&self, name: RequestHeader) -> Option<&Self::Value> {
        let mut lines = self.lines(name);
        let first = lines.next()?;
        lines.next().is_none().then_some(first)
    }
}
