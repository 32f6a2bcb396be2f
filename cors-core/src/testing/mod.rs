//! What tests use: the self-check of an app, and a browser (feature `testing`).
//!
//! The browser makes the calls of a page to an app, in the program itself or over sockets, and shows
//! what the page would see; on failure, the message of the console, and the reason. It sends what Chromium
//! sends, and judges what comes back as Chromium does: the tests of this repository make the same
//! calls in both.
//!
//! The engine has no transport: [`Fetch::start`] returns what is to be sent, and
//! [`Exchange::answer`] takes the response. The adapters bring `from`, which makes a call to a built app.
//!
//! # What it does not do
//!
//! It has no cache of responses, no service workers, no Content Security Policy, no HTTP
//! authentication, no list of blocked ports and no permission prompts, and sends no `User-Agent`.

#[cfg(feature = "testing")]
mod browser;
pub(crate) mod check;

#[cfg(feature = "testing")]
pub use self::browser::{
    Browser, Cache, Credentials, Exchange, Exchanged, Failure, Fetch, Headers, Incoming, Mode,
    Next, NoResponse, Outgoing, Page, PreflightCause, Redirect, Request, Response, ResponseKind,
};
#[cfg(feature = "testing-network")]
pub use self::browser::{Network, NetworkError};

/// Lifts the limit on events, until there are as many again: ten a second for each handler (feature
/// `tracing`).
///
/// For tests that read the log, where one test must not use up what another one reads. The limit is
/// one for the whole program: tests that call this run one after the other.
///
/// # Examples
///
/// ```
/// cors_core::testing::forget_events();
/// // Now a rejected request is in the log, however many there were before it.
/// ```
#[cfg(feature = "testing")]
pub fn forget_events() {
    #[cfg(feature = "tracing")]
    crate::explain::forget_events();
}
