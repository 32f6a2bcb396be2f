//! What of a call makes a browser send a preflight.

use std::fmt;

use super::preflight::Question;
use super::safelist::can_be_safelisted;
use crate::protocol::preflight::is_safelisted_method;

/// What of a call makes the browser send a preflight
/// ([Fetch, main fetch, 12](https://fetch.spec.whatwg.org/#main-fetch)).
///
/// # Examples
///
/// ```
/// use cors_core::testing::{Incoming, Page, PreflightCause, Request};
///
/// let page = Page::at("https://app.example.com");
/// let call = page.fetch(Request::put("https://api.example.com/users/7").json("{}"));
/// let failure = call.answered_by(|_| Incoming::new(403)).unwrap_err();
/// let causes = failure.exchanges()[0].causes();
/// assert_eq!(
///     causes,
///     [PreflightCause::Method("PUT".into()), PreflightCause::Header("content-type".into())],
/// );
/// assert_eq!(causes[0].to_string(), "the method `PUT` is not CORS-safelisted");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PreflightCause {
    /// The method is none of `GET`, `HEAD` and `POST`.
    Method(String),
    /// A request header, by its name in lower case, is not CORS-safelisted, or its value is not.
    Header(String),
    /// The call goes from a public address to a private network.
    PrivateNetwork,
}

impl PreflightCause {
    pub(super) fn of(question: &Question) -> Vec<Self> {
        let Question { method, headers, to_private_network, .. } = question;
        let method = (!is_safelisted_method(method.as_bytes())).then(|| method.clone());
        let headers = headers.iter().cloned().map(Self::Header);
        let network = to_private_network.then_some(Self::PrivateNetwork);
        method.map(Self::Method).into_iter().chain(headers).chain(network).collect()
    }
}

impl fmt::Display for PreflightCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method(method) => write!(f, "the method `{method}` is not CORS-safelisted"),
            Self::Header(name) if can_be_safelisted(name) => {
                write!(f, "the value of the request header `{name}` is not CORS-safelisted")
            }
            Self::Header(name) => {
                write!(f, "the request header `{name}` is not CORS-safelisted")
            }
            Self::PrivateNetwork => f.write_str("the call goes to a private network"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::request::Credentials;
    use super::*;

    fn causes(method: &str, headers: &[&str], to_private_network: bool) -> Vec<String> {
        let headers = headers.iter().map(|it| (*it).to_owned()).collect();
        let credentials = Credentials::Omit;
        let question =
            Question { method: method.to_owned(), headers, credentials, to_private_network };
        let causes = PreflightCause::of(&question);
        assert_eq!(!causes.is_empty(), question.needs_preflight());
        causes.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn there_is_a_cause_where_there_is_a_preflight() {
        assert!(causes("POST", &[], false).is_empty());
        assert_eq!(
            causes("PATCH", &["content-type", "x-debug"], true),
            [
                "the method `PATCH` is not CORS-safelisted",
                "the value of the request header `content-type` is not CORS-safelisted",
                "the request header `x-debug` is not CORS-safelisted",
                "the call goes to a private network",
            ]
        );
    }
}
