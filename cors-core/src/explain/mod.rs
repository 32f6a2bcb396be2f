//! A verdict in words: for the operator who reads a log, and for the front-end developer
//! who looks into the network tab.

#[cfg_attr(
    not(feature = "tracing"),
    allow(dead_code, reason = "only the log says why, and without a feature nothing is compared")
)]
pub(crate) mod difference;
#[cfg(feature = "tracing")]
mod limit;
#[cfg(feature = "tracing")]
mod log;
#[cfg(feature = "metrics")]
mod metrics;
mod nearest;
pub(crate) mod observe;
mod question;

use std::fmt;

#[cfg(all(feature = "tracing", feature = "testing"))]
pub(crate) use self::limit::forget as forget_events;
pub use self::nearest::Nearest;
use self::question::Question;
use crate::header::value::Wire;
use crate::origin::set::Missing;
use crate::policy::{AllowedHeaders, Policy};
use crate::protocol::preflight::{Preflight, Served, USUAL_METHODS};
use crate::protocol::rejection::Rejection;
use crate::protocol::request::{RequestHead, RequestHeader};
use crate::protocol::requested_headers::names;

/// How much of a value that came from outside is repeated, in bytes.
const LONGEST_QUOTE: usize = 120;

/// How many configured values are listed before the rest is counted.
const LONGEST_LIST: usize = 8;

/// Why a policy allows or rejects something; made by [`Policy::explain`].
///
/// What came from outside is escaped and cut, so that it is safe in a log or in a body.
/// It names configured origins: meant for development and for operators, not for the public.
///
/// # Examples
///
/// ```
/// use cors_core::{Policy, Rejection};
///
/// let policy = Policy::builder().origins(["https://app.example.com"]).build()?;
/// let why = policy.explain("http://app.example.com", "GET", &[]);
/// assert_eq!(why.rejection(), Some(Rejection::Origin));
/// assert_eq!(
///     why.to_string(),
///     "the origin `http://app.example.com` is not allowed here; the policy allows \
///      `https://app.example.com`, and the page differs from `https://app.example.com` only \
///      by the scheme: the policy says `https`, the page is on `http`",
/// );
/// # Ok::<(), cors_core::Violations>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    rejection: Option<Rejection>,
    /// What it is about: the origin, a method or a header.
    what: &'static str,
    got: String,
    expected: Expected,
    /// One of the allowed origins that anyone can have.
    open: Option<String>,
    nearest: Option<Nearest>,
    advice: Option<&'static str>,
}

/// The first few of the values that a policy allows, and how many more there are: a
/// rejection must not cost more because a policy is long.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Expected {
    first: Vec<String>,
    more: usize,
}

impl Expected {
    fn new(count: usize, values: impl Iterator<Item = String>) -> Self {
        let first = values.take(LONGEST_LIST).collect();
        Self { first, more: count.saturating_sub(LONGEST_LIST) }
    }

    fn of<T: ToString>(values: impl ExactSizeIterator<Item = T>) -> Self {
        Self::new(values.len(), values.map(|it| it.to_string()))
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first.is_empty() {
            return f.write_str("none");
        }
        for (index, value) in self.first.iter().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}`{value}`")?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

impl Explanation {
    /// Whether it explains a permission.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        self.rejection.is_none()
    }

    /// The reason of a rejection.
    #[must_use]
    pub const fn rejection(&self) -> Option<Rejection> {
        self.rejection
    }

    /// The origin, method or header that it is about, escaped and cut.
    #[must_use]
    pub fn got(&self) -> &str {
        &self.got
    }

    /// What the policy allows in its place; no more than the first few.
    #[must_use]
    pub fn expected(&self) -> &[String] {
        &self.expected.first
    }

    /// The configured origin that comes nearest, where one is near.
    #[must_use]
    pub const fn nearest(&self) -> Option<&Nearest> {
        self.nearest.as_ref()
    }
}

impl Explanation {
    /// As the body of a response.
    pub(crate) fn into_body(self) -> String {
        format!("CORS: {self}\n")
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, got, expected, .. } = self;
        let open = self.open.as_ref().map(|open| format!(" (anyone can be `{open}`)"));
        let open = open.unwrap_or_default();
        if self.is_allowed() {
            return write!(f, "the {what} `{got}` is allowed here{open}");
        }
        write!(f, "the {what} `{got}` is not allowed here; the policy allows {expected}{open}")?;
        if let Some(nearest) = &self.nearest {
            write!(f, ", and the page differs from {nearest}")?;
        }
        self.advice.map_or(Ok(()), |advice| write!(f, ": {advice}"))
    }
}

impl Policy {
    /// Asks what a preflight from `origin` for `method` with the request headers `headers`
    /// would be answered, and why.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::Policy;
    ///
    /// let policy = Policy::builder()
    ///     .origins(["https://app.example.com"])
    ///     .headers(["content-type"])
    ///     .build()?;
    /// assert!(policy.explain("https://app.example.com", "PUT", &["content-type"]).is_allowed());
    ///
    /// let why = policy.explain("https://app.example.com", "PUT", &["x-api-key"]);
    /// assert_eq!(why.got(), "x-api-key");
    /// assert_eq!(why.expected(), ["content-type"]);
    /// # Ok::<(), cors_core::Violations>(())
    /// ```
    #[must_use]
    pub fn explain(&self, origin: &str, method: &str, headers: &[&str]) -> Explanation {
        self.explain_call(origin, method, headers, None)
    }

    /// The same, on a route that serves the methods `served`.
    pub(crate) fn explain_call(
        &self,
        origin: &str,
        method: &str,
        headers: &[&str],
        served: Served<'_>,
    ) -> Explanation {
        let question = Question::new(origin, method, headers);
        let decided = Preflight::of(&question).map_or(Err(Rejection::Method), |preflight| {
            self.grant(&preflight, &question, served).map(drop)
        });
        match decided {
            Ok(()) => Explanation {
                rejection: None,
                what: "origin",
                got: quote(origin.as_bytes()),
                expected: self.expected_origins(),
                open: self.open_among_others(),
                nearest: None,
                advice: None,
            },
            Err(rejection) => self.explain_rejection(rejection, &question, served),
        }
    }

    /// Says why a request was rejected, and what to change where.
    pub(crate) fn explain_rejection<H: RequestHead>(
        &self,
        rejection: Rejection,
        head: &H,
        served: Served<'_>,
    ) -> Explanation {
        let mut why = match rejection {
            Rejection::Origin
            | Rejection::NotLoaded
            | Rejection::NotSelected
            | Rejection::Enforced
            | Rejection::Withheld => self.explain_origin(head),
            Rejection::Method => {
                let (method, repeated) = sent(head, RequestHeader::AccessControlRequestMethod);
                self.explain_method(method, repeated, served)
            }
            Rejection::Unknown => self.explain_unknown(head, served),
            Rejection::Nested => self.explain_nested(head),
            Rejection::Header => self.explain_headers(head),
        };
        why.rejection = Some(rejection);
        why
    }

    fn explain_origin<H: RequestHead>(&self, head: &H) -> Explanation {
        let (origin, repeated) = sent(head, RequestHeader::Origin);
        let expected = self.expected_origins();
        let nearest = nearest::find(&origin, self.origins());
        let advice = match (self.missing(), repeated, &nearest) {
            (Some(Missing::NotLoaded), ..) => Some(
                "the origins of the policy are not known yet; `PolicyCell::load` reads them from \
                 the environment, `PolicyCell::set_origins` sets them",
            ),
            (Some(Missing::NotSelected), ..) => {
                Some("the function that chooses the policy chose none for this request")
            }
            (None, true, _) => Some("the request repeats `Origin`, which no browser does"),
            (None, false, Some(_)) => None,
            (None, false, None) => {
                Some("if the page should be allowed, add its origin to `origins`")
            }
        };
        Explanation {
            rejection: None,
            what: "origin",
            got: origin,
            expected,
            open: self.open_among_others(),
            nearest,
            advice,
        }
    }

    /// An origin that anyone can be, where that is not plain to see as it is in `*`.
    fn open_among_others(&self) -> Option<String> {
        self.open_origin().filter(|_| !self.is_public()).map(str::to_owned)
    }

    fn expected_origins(&self) -> Expected {
        Expected::new(self.count_origins(), self.origins())
    }

    /// The framework may run another handler first, whose policy is not known here.
    fn explain_unknown<H: RequestHead>(&self, head: &H, served: Served<'_>) -> Explanation {
        let (method, _) = sent(head, RequestHeader::AccessControlRequestMethod);
        let why = self.explain_method(method, false, served);
        let advice = "another route may take the request, because it matches the same path and is \
                      registered before this one, or a guard declines; which of them serves the \
                      method is not known, so register the handlers of the path in one list: \
                      `routes![...]`";
        Explanation { nearest: None, advice: Some(advice), ..why }
    }

    fn explain_nested<H: RequestHead>(&self, head: &H) -> Explanation {
        let why = if self.allows_origin_of(head) {
            self.explain_method(quote(head.method().as_bytes()), false, None)
        } else {
            self.explain_origin(head)
        };
        let advice = "a policy further out answered the preflight, which this one would have \
                      rejected; give that layer the list of routes";
        Explanation { nearest: None, advice: Some(advice), ..why }
    }

    fn explain_method(&self, method: String, repeated: bool, served: Served<'_>) -> Explanation {
        let allowed: Vec<String> = match &self.parts().methods {
            None => served.unwrap_or(&USUAL_METHODS).iter().map(ToString::to_string).collect(),
            Some(declared) => declared
                .iter()
                .filter(|method| served.is_none_or(|it| it.iter().any(|it| it == method)))
                .map(ToString::to_string)
                .collect(),
        };
        let advice = if repeated {
            Some("the request repeats `Access-Control-Request-Method`, which no browser does")
        } else if allowed.iter().any(|it| it.eq_ignore_ascii_case(&method)) {
            Some(
                "browsers send a method in the case that the page wrote, so write it in upper \
                 case in the page",
            )
        } else {
            None
        };
        let expected = Expected::of(allowed.iter());
        Explanation {
            rejection: None,
            what: "method",
            got: method,
            expected,
            open: None,
            nearest: None,
            advice,
        }
    }

    fn explain_headers<H: RequestHead>(&self, head: &H) -> Explanation {
        let (expected, advice) = match &self.parts().headers {
            AllowedHeaders::These(allowed) => {
                (Expected::of(allowed.iter()), "if the page may send it, add it to `headers`")
            }
            AllowedHeaders::Any => (
                Expected::of(["*"].iter()),
                "browsers leave `authorization` out of `*`; if the page may send it, write \
                 `headers = [\"*\", \"authorization\"]`",
            ),
            AllowedHeaders::AnyAndAuthorization => {
                (Expected::of(["*", "authorization"].iter()), "")
            }
        };
        let (got, advice) = match names(head).find(|name| !self.parts().headers.allows(name)) {
            Some(name) => (quote(name), advice),
            None => (
                sent(head, RequestHeader::AccessControlRequestHeaders).0,
                "the list is malformed, or longer than any that a browser sends",
            ),
        };
        Explanation {
            rejection: None,
            what: "request header",
            got,
            expected,
            open: None,
            nearest: None,
            advice: Some(advice),
        }
    }
}

/// The first line of a header, and whether there are more.
pub(crate) fn sent<H: RequestHead>(head: &H, name: RequestHeader) -> (String, bool) {
    let mut lines = head.lines(name);
    let first = lines.next().map(|line| quote(line.as_bytes())).unwrap_or_default();
    (first, lines.next().is_some())
}

/// Bytes from outside, harmless to print: control characters escaped, the end cut off.
pub(crate) fn quote(bytes: &[u8]) -> String {
    match bytes.split_at_checked(LONGEST_QUOTE) {
        Some((start, rest)) if !rest.is_empty() => format!("{}...", start.escape_ascii()),
        _ => bytes.escape_ascii().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_that_anyone_can_have_is_named() {
        let policy = Policy::builder().origins(["https://*.github.io"]).build().unwrap();
        let allowed = policy.explain("https://shop.github.io", "GET", &[]);
        assert!(allowed.to_string().ends_with("(anyone can be `https://*.github.io`)"));
        let rejected = policy.explain("https://shop.example", "GET", &[]).to_string();
        assert!(rejected.contains("`https://*.github.io` (anyone can be `https://*.github.io`)"));
        let public = Policy::builder().origins(["*"]).build().unwrap();
        assert!(!public.explain("https://a.example", "GET", &[]).to_string().contains("anyone"));
    }
}
