//! What the engine reads and writes of a response.

use crate::header::value::{Value, Wire};

/// A response header that CORS writes or reads.
///
/// # Examples
///
/// ```
/// assert_eq!(cors_core::adapter::ResponseHeader::Vary.as_str(), "vary");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResponseHeader {
    /// `Access-Control-Allow-Origin`
    AccessControlAllowOrigin,
    /// `Access-Control-Allow-Credentials`
    AccessControlAllowCredentials,
    /// `Access-Control-Expose-Headers`
    AccessControlExposeHeaders,
    /// `Access-Control-Allow-Methods`
    AccessControlAllowMethods,
    /// `Access-Control-Allow-Headers`
    AccessControlAllowHeaders,
    /// `Access-Control-Allow-Private-Network`
    AccessControlAllowPrivateNetwork,
    /// `Access-Control-Max-Age`
    AccessControlMaxAge,
    /// `Vary`
    Vary,
}

impl ResponseHeader {
    /// Every header that the engine writes or reads.
    pub const ALL: &'static [Self] = &[
        Self::AccessControlAllowOrigin,
        Self::AccessControlAllowCredentials,
        Self::AccessControlExposeHeaders,
        Self::AccessControlAllowMethods,
        Self::AccessControlAllowHeaders,
        Self::AccessControlAllowPrivateNetwork,
        Self::AccessControlMaxAge,
        Self::Vary,
    ];

    /// The name, in lower case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessControlAllowOrigin => "access-control-allow-origin",
            Self::AccessControlAllowCredentials => "access-control-allow-credentials",
            Self::AccessControlExposeHeaders => "access-control-expose-headers",
            Self::AccessControlAllowMethods => "access-control-allow-methods",
            Self::AccessControlAllowHeaders => "access-control-allow-headers",
            Self::AccessControlAllowPrivateNetwork => "access-control-allow-private-network",
            Self::AccessControlMaxAge => "access-control-max-age",
            Self::Vary => "vary",
        }
    }

    pub(crate) const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// The headers of a response, as a framework holds them.
///
/// Implemented for `http::HeaderMap` of `http` 1 (feature `http1`) and 0.2 (feature `http02`).
///
/// # Examples
///
/// ```
/// use cors_core::adapter::{ResponseHeader, ResponseHeaders, Value, Wire};
///
/// #[derive(Clone)]
/// struct Line(String);
/// impl Wire for Line {
///     fn from_value(value: &Value) -> Self { Self(value.as_str().to_owned()) }
///     fn as_bytes(&self) -> &[u8] { self.0.as_bytes() }
/// }
///
/// struct Headers(Vec<(String, Line)>);
/// impl ResponseHeaders for Headers {
///     type Value = Line;
///     fn each(&self, mut visit: impl FnMut(ResponseHeader, &Line)) {
///         for (name, line) in &self.0 {
///             if let Some(name) = ResponseHeader::ALL.iter().find(|it| it.as_str() == name) {
///                 visit(*name, line);
///             }
///         }
///     }
///     fn append(&mut self, name: ResponseHeader, value: Line) {
///         self.0.push((name.as_str().to_owned(), value));
///     }
///     fn remove(&mut self, name: ResponseHeader) {
///         self.0.retain(|(it, _)| it != name.as_str());
///     }
/// }
/// ```
pub trait ResponseHeaders {
    /// How the framework holds a header value.
    type Value: Wire;

    /// Calls `visit` for each line of a header that is a [`ResponseHeader`].
    fn each(&self, visit: impl FnMut(ResponseHeader, &Self::Value));

    /// Adds a line.
    fn append(&mut self, name: ResponseHeader, value: Self::Value);

    /// Removes all lines of a header.
    fn remove(&mut self, name: ResponseHeader);
}

#[inline]
pub(crate) fn put<R: ResponseHeaders>(headers: &mut R, name: ResponseHeader, value: &Value) {
    headers.append(name, Wire::from_value(value));
}
