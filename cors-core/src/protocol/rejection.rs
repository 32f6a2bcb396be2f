//! Why a request is rejected.

use std::fmt;

/// Why a request is rejected, or why its response is withheld from the page.
///
/// # Examples
///
/// ```
/// assert_eq!(cors_core::Rejection::Origin.as_str(), "origin-not-allowed");
/// assert_eq!(cors_core::Rejection::Origin.to_string(), "origin-not-allowed");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rejection {
    /// A preflight from an origin that the policy does not allow.
    Origin,
    /// A preflight to a policy whose origins are not known yet.
    NotLoaded,
    /// A preflight for which no policy was chosen.
    NotSelected,
    /// A preflight for a method that the policy, or the route, does not allow.
    Method,
    /// A preflight for a header that the policy does not allow.
    Header,
    /// A preflight for a path where the framework may run another handler first, whose policy is
    /// not known here.
    Unknown,
    /// A cross-origin request that the policy does not allow, and `enforce` keeps from the
    /// handler.
    Enforced,
    /// A cross-origin request that the policy does not allow, and that another policy outside
    /// may have allowed: the handler does not run.
    Nested,
    /// An actual request from an origin that the policy does not allow: the handler ran, and the
    /// browser keeps its response from the page.
    Withheld,
}

impl Rejection {
    /// Whether the handler of an actual request does not run because of it.
    pub(crate) const fn is_before_handler(self) -> bool {
        matches!(self, Self::Enforced | Self::Nested)
    }

    /// A stable word for logs and counters.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Origin => "origin-not-allowed",
            Self::NotLoaded => "origins-not-loaded",
            Self::NotSelected => "no-policy-selected",
            Self::Method => "method-not-allowed",
            Self::Header => "header-not-allowed",
            Self::Unknown => "handler-not-known",
            Self::Enforced => "origin-enforced",
            Self::Nested => "nested-not-allowed",
            Self::Withheld => "response-withheld",
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
