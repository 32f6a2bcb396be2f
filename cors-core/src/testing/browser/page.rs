//! Pages, and the browser that has opened them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use url::{Origin, Url};

use super::cache::PreflightCache;
use super::cookies::{Cookies, Crossing};
use super::fetch::Fetch;
use super::request::{Credentials, Request};
use super::site::site;
use crate::RouteTable;

/// A browser: what its pages share.
///
/// Cloning gives another handle of the same browser.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use cors_core::testing::{Browser, Incoming, Outgoing, Request};
///
/// let browser = Browser::new();
/// let page = browser.open("https://app.example.com");
/// let server = |_: &Outgoing| {
///     Incoming::new(200)
///         .header("access-control-allow-origin", "*")
///         .header("access-control-allow-methods", "PUT")
///         .header("access-control-max-age", "60")
/// };
/// let put = || page.fetch(Request::put("https://api.example.com/")).answered_by(server);
/// assert_eq!(put()?.exchanges().len(), 2);
/// assert_eq!(put()?.exchanges().len(), 1); // the preflight is remembered
/// browser.advance(Duration::from_secs(60));
/// assert_eq!(put()?.exchanges().len(), 2);
/// # Ok::<(), cors_core::testing::Failure>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Browser(Arc<Mutex<State>>);

/// What a browser remembers.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) preflights: PreflightCache,
    pub(super) cookies: Cookies,
    /// Since the browser was started.
    pub(super) now: Duration,
}

impl Browser {
    /// A browser that remembers nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens a page by its URL, or by its origin.
    ///
    /// A URL that is none makes every call of the page [fail](super::Failure).
    #[must_use]
    pub fn open(&self, url: &str) -> Page {
        let place = match Url::parse(url) {
            Ok(url) if matches!(url.origin(), Origin::Tuple(..)) => Place::Url(url),
            Ok(_) => Place::Opaque(Origin::new_opaque()),
            Err(_) => Place::Nowhere(url.to_owned()),
        };
        self.page(place)
    }

    /// Opens a page whose origin is `null`: a sandboxed frame, a file, a `data:` URL.
    #[must_use]
    pub fn open_sandboxed(&self) -> Page {
        self.page(Place::Opaque(Origin::new_opaque()))
    }

    fn page(&self, place: Place) -> Page {
        let credentials = Credentials::SameOrigin;
        Page { browser: self.clone(), place, credentials, routes: None }
    }

    /// Moves the clock, by which preflights are remembered. It stands still otherwise.
    pub fn advance(&self, time: Duration) {
        let mut state = self.state();
        state.now = state.now.saturating_add(time);
    }

    /// Stores a cookie, as if a server at `url` had sent it in `Set-Cookie`.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::testing::{Browser, Incoming, Outgoing};
    ///
    /// let browser = Browser::new();
    /// browser.set_cookie("https://api.example.com", "session=17; Secure; HttpOnly");
    /// let page = browser.open("https://app.example.com").with_cookies();
    /// let server = |request: &Outgoing| {
    ///     assert_eq!(request.headers().get("cookie").as_deref(), Some("session=17"));
    ///     Incoming::new(200)
    ///         .header("access-control-allow-origin", "https://app.example.com")
    ///         .header("access-control-allow-credentials", "true")
    /// };
    /// page.fetch("https://api.example.com/me").answered_by(server)?;
    /// # Ok::<(), cors_core::testing::Failure>(())
    /// ```
    pub fn set_cookie(&self, url: &str, line: &str) {
        if let Ok(url) = Url::parse(url) {
            self.state().cookies.store(line, &url, Crossing::SameSite);
        }
    }

    /// A panic elsewhere leaves nothing half-done in it.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where a page is.
#[derive(Debug, Clone)]
pub(super) enum Place {
    Url(Url),
    /// Its origin is `null`.
    Opaque(Origin),
    /// The text is no URL.
    Nowhere(String),
}

/// A page that is open in a browser, whose scripts make calls.
///
/// # Examples
///
/// ```
/// use cors_core::testing::{Incoming, Outgoing, Page, Request};
///
/// let page = Page::at("https://app.example.com");
/// let server = |_: &Outgoing| Incoming::new(200).body("hello");
/// let failure = page.fetch("https://api.example.com/").answered_by(server).unwrap_err();
/// assert!(failure.to_string().contains("No 'Access-Control-Allow-Origin' header is present"));
///
/// let own = page.fetch("/hello").answered_by(server)?;
/// assert_eq!(own.text(), "hello");
/// # Ok::<(), cors_core::testing::Failure>(())
/// ```
#[derive(Debug, Clone)]
pub struct Page {
    pub(super) browser: Browser,
    pub(super) place: Place,
    pub(super) credentials: Credentials,
    pub(super) routes: Option<Arc<RouteTable>>,
}

impl Page {
    /// A page in a browser of its own; see [`Browser::open`].
    #[must_use]
    pub fn at(url: &str) -> Self {
        Browser::new().open(url)
    }

    /// A page whose origin is `null`, in a browser of its own; see [`Browser::open_sandboxed`].
    #[must_use]
    pub fn sandboxed() -> Self {
        Browser::new().open_sandboxed()
    }

    /// Its calls have `credentials: "include"`, unless they set something else.
    #[must_use]
    pub const fn with_cookies(mut self) -> Self {
        self.credentials = Credentials::Include;
        self
    }

    /// A failure names the policy of these routes that is the reason.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::RouteTable;
    /// use cors_core::testing::{Incoming, Page};
    ///
    /// let page = Page::at("https://app.example.com").explained_by(RouteTable::default());
    /// let call = page.fetch("https://api.example.com/nowhere");
    /// let failure = call.answered_by(|_| Incoming::new(404)).unwrap_err();
    /// assert_eq!(failure.why(), Some("no route of the table serves `GET /nowhere`"));
    /// ```
    #[must_use]
    pub fn explained_by(mut self, routes: RouteTable) -> Self {
        self.routes = Some(Arc::new(routes));
        self
    }

    /// The browser, to open other pages that share its cookies, and to move its clock.
    #[must_use]
    pub const fn browser(&self) -> &Browser {
        &self.browser
    }

    /// A call with `fetch`, which is not made yet: an adapter's `from` makes it,
    /// [`Fetch::through`] does with any transport.
    pub fn fetch(&self, request: impl Into<Request>) -> Fetch {
        Fetch::script(self.clone(), request.into())
    }

    /// Opens a WebSocket: a call whose response is 101 if the server lets the page connect. Browsers
    /// let every page try, with cookies, and send no preflight.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::testing::{Incoming, Page};
    ///
    /// let page = Page::at("https://evil.example");
    /// let call = page.websocket("wss://api.example.com/live");
    /// let failure = call.answered_by(|_| Incoming::new(403)).unwrap_err();
    /// assert_eq!(
    ///     failure.console(),
    ///     "WebSocket connection to 'wss://api.example.com/live' failed: Error during WebSocket \
    ///      handshake: Unexpected response code: 403",
    /// );
    /// ```
    pub fn websocket(&self, url: &str) -> Fetch {
        Fetch::websocket(self.clone(), url.to_owned())
    }

    pub(super) fn url(&self) -> Option<&Url> {
        match &self.place {
            Place::Url(url) => Some(url),
            Place::Opaque(_) | Place::Nowhere(_) => None,
        }
    }

    pub(super) fn origin(&self) -> Origin {
        match &self.place {
            Place::Url(url) => url.origin(),
            Place::Opaque(origin) => origin.clone(),
            Place::Nowhere(_) => Origin::new_opaque(),
        }
    }

    /// What its caches are kept under.
    pub(super) fn partition(&self) -> String {
        site(&self.origin())
    }
}
