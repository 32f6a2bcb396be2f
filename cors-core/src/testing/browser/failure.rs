//! Why a call fails, in the words of Chromium's console and in those of the policy.

use std::fmt;

use super::classify::Refusal;
use super::cors_check::CheckFailure;
use super::preflight::PreflightFailure;
use super::redirect::RedirectFailure;
use super::script::Misuse;
use super::websocket::HandshakeFailure;
use super::wire::Exchanged;

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reason {
    /// The origin of the page is no URL, or has none.
    Page(String),
    Script(Misuse),
    Refused(Refusal),
    MixedContent,
    Preflight(PreflightFailure),
    Check(CheckFailure),
    Redirect(RedirectFailure),
    ResourcePolicy(&'static str),
    WebSocket(HandshakeFailure),
    /// The server cannot be reached.
    Network(String),
}

/// A call that failed: all that the page gets is a `TypeError`; what the developer sees is here.
///
/// Printed, it is the message of Chromium's console, and below it the reason in terms of the policy, where
/// the page has the routes ([`Page::explained_by`](super::Page::explained_by)) or the app
/// explains itself (`.explain(true)`).
///
/// # Examples
///
/// ```
/// use cors_core::testing::{Incoming, Outgoing, Page, Request};
///
/// let page = Page::at("https://app.example.com");
/// let call = Request::put("https://api.example.com/users/7").json("{}");
/// let allows_no_header = |_: &Outgoing| {
///     Incoming::new(204)
///         .header("access-control-allow-origin", "https://app.example.com")
///         .header("access-control-allow-methods", "PUT")
/// };
/// let failure = page.fetch(call).answered_by(allows_no_header).unwrap_err();
/// assert!(failure.is_blocked_by_cors());
/// assert_eq!(
///     failure.console(),
///     "Access to fetch at 'https://api.example.com/users/7' from origin \
///      'https://app.example.com' has been blocked by CORS policy: Request header field \
///      content-type is not allowed by Access-Control-Allow-Headers in preflight response.",
/// );
/// assert!(failure.exchanges()[0].is_preflight());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(Box<Inner>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Inner {
    pub(super) reason: Reason,
    /// That of the page, also where `null` is sent.
    pub(super) origin: String,
    pub(super) page: String,
    pub(super) first_url: String,
    pub(super) last_url: String,
    pub(super) why: Option<String>,
    pub(super) exchanges: Vec<Exchanged>,
}

impl Failure {
    pub(super) fn new(inner: Inner) -> Self {
        Self(Box::new(inner))
    }

    /// The message of Chromium's console.
    #[must_use]
    pub fn console(&self) -> String {
        let Inner { reason, origin, page, first_url, last_url, .. } = &*self.0;
        let cannot_load =
            |why: fmt::Arguments<'_>| format!("Fetch API cannot load {last_url}. {why}");
        match reason {
            Reason::Page(page) => format!("a page has no such URL: {page}"),
            Reason::Script(misuse @ Misuse::SocketScheme(_)) => {
                format!("SyntaxError: Failed to construct 'WebSocket': {misuse}")
            }
            Reason::Script(misuse) => {
                format!("TypeError: Failed to execute 'fetch' on 'Window': {misuse}")
            }
            Reason::Refused(Refusal::SameOrigin) if first_url == last_url => {
                cannot_load(format_args!(
                    "Request mode is \"same-origin\" but the URL's origin is not same as the request \
                 origin {origin}."
                ))
            }
            Reason::Refused(Refusal::Redirect) => cannot_load(format_args!(
                "Request mode is \"no-cors\" but the redirect mode is not \"follow\"."
            )),
            Reason::Refused(Refusal::Scheme) => {
                let scheme = last_url.split(':').next().unwrap_or_default();
                cannot_load(format_args!("URL scheme \"{scheme}\" is not supported."))
            }
            Reason::MixedContent => format!(
                "Mixed Content: The page at '{page}' was loaded over HTTPS, but requested an \
                 insecure resource '{last_url}'. This request has been blocked; the content must \
                 be served over HTTPS.",
            ),
            Reason::Preflight(failure) => self.blocked(failure),
            Reason::Check(failure) => self.blocked(failure),
            // Chromium leaves the location out.
            Reason::Redirect(RedirectFailure::Credentials(_)) => self.blocked(
                &"Redirect location '' contains a username and password, which is disallowed for \
                  cross-origin requests.",
            ),
            Reason::Redirect(RedirectFailure::Scheme(_)) => self.blocked(
                &"Cross origin requests are only supported for protocol schemes: chrome, \
                  chrome-experimental-site-token-provider, chrome-extension, chrome-untrusted, data, \
                  http, https, isolated-app.",
            ),
            Reason::Redirect(RedirectFailure::TooMany) => {
                format!("GET {first_url} net::ERR_TOO_MANY_REDIRECTS")
            }
            Reason::Redirect(RedirectFailure::Unsafe(_)) => {
                format!("{first_url} net::ERR_UNSAFE_REDIRECT")
            }
            // The console of Chromium has no more about what happens after a redirect.
            Reason::Refused(Refusal::SameOrigin) | Reason::Redirect(_) | Reason::Network(_) => {
                format!("{last_url} net::ERR_FAILED")
            }
            Reason::ResourcePolicy(value) => {
                let name = if *value == "same-site" { "NotSameSite" } else { "NotSameOrigin" };
                format!("{last_url} net::ERR_BLOCKED_BY_RESPONSE.{name}")
            }
            Reason::WebSocket(failure) => {
                let url = last_url.replacen("http", "ws", 1);
                format!("WebSocket connection to '{url}' failed: {failure}")
            }
        }
    }

    fn blocked(&self, failure: &impl fmt::Display) -> String {
        let Inner { reason, origin, first_url, last_url, .. } = &*self.0;
        // Chromium checks the scheme after it has followed the redirect.
        let last_url = match reason {
            Reason::Redirect(RedirectFailure::Scheme(url)) => url,
            _ => last_url,
        };
        let redirected = if first_url == last_url {
            String::new()
        } else {
            format!(" (redirected from '{first_url}')")
        };
        format!(
            "Access to fetch at '{last_url}'{redirected} from origin '{origin}' has been blocked \
             by CORS policy: {failure}"
        )
    }

    /// The reason in terms of the policy, where it is known.
    #[must_use]
    pub fn why(&self) -> Option<&str> {
        self.0.why.as_deref()
    }

    /// Whether the CORS protocol keeps the response, or the call, from the page.
    #[must_use]
    pub fn is_blocked_by_cors(&self) -> bool {
        matches!(
            self.0.reason,
            Reason::Preflight(_)
                | Reason::Check(_)
                | Reason::Redirect(RedirectFailure::Credentials(_) | RedirectFailure::Scheme(_))
        )
    }

    /// Whether the script made a mistake, so that nothing was sent: it used what no script can use.
    #[must_use]
    pub fn is_thrown(&self) -> bool {
        matches!(self.0.reason, Reason::Script(_) | Reason::Page(_))
    }

    /// What was sent before it failed, and what came back.
    #[must_use]
    pub fn exchanges(&self) -> &[Exchanged] {
        &self.0.exchanges
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.console())?;
        match &self.0.reason {
            Reason::Redirect(failure) => write!(f, "\nthe redirect is not followed: {failure}")?,
            Reason::Network(error) => write!(f, "\nthe server sent no response: {error}")?,
            _ => {}
        }
        self.why().map_or(Ok(()), |why| write!(f, "\nwhy: {why}"))
    }
}

impl std::error::Error for Failure {}
