//! A call as a script writes it: `fetch(url, { method, headers, body, mode, ... })`.

/// What a page may do with the response ([Fetch, mode](https://fetch.spec.whatwg.org/#concept-request-mode)).
///
/// # Examples
///
/// ```
/// use cors_core::testing::{Mode, Request};
///
/// let beacon = Request::post("https://api.example.com/seen").mode(Mode::NoCors);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Mode {
    /// Reads a response that the server allows it to read.
    #[default]
    Cors,
    /// Gives up reading.
    NoCors,
    /// Calls nothing but its own origin.
    SameOrigin,
}

/// Whether cookies go along ([Fetch, credentials mode](https://fetch.spec.whatwg.org/#concept-request-credentials-mode)).
///
/// # Examples
///
/// ```
/// use cors_core::testing::{Credentials, Request};
///
/// let call = Request::get("https://api.example.com/me").credentials(Credentials::Include);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Credentials {
    /// Never.
    Omit,
    /// To the page's own origin: what `fetch` does by default.
    #[default]
    SameOrigin,
    /// Always.
    Include,
}

/// What is done about a redirect ([Fetch, redirect mode](https://fetch.spec.whatwg.org/#concept-request-redirect-mode)).
///
/// # Examples
///
/// ```
/// use cors_core::testing::{Redirect, Request};
///
/// let call = Request::get("https://api.example.com/old").redirect(Redirect::Error);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Redirect {
    /// It is followed.
    #[default]
    Follow,
    /// The call fails.
    Error,
    /// The page sees that there was one, and nothing else.
    Manual,
}

/// What is done about caches ([Fetch, cache mode](https://fetch.spec.whatwg.org/#concept-request-cache-mode)).
///
/// The test browser has no cache of responses. In Chromium, every mode but the default one also
/// ignores what is remembered of preflights.
///
/// # Examples
///
/// ```
/// use cors_core::testing::{Cache, Request};
///
/// let call = Request::put("https://api.example.com/users/7").cache(Cache::NoStore);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Cache {
    /// What is remembered is used.
    #[default]
    Default,
    /// Nothing is looked up, and no response is kept.
    NoStore,
    /// Nothing is looked up.
    Reload,
    /// What is kept is revalidated first.
    NoCache,
}

/// A body with the `Content-Type` that a script's value of its kind brings
/// ([Fetch, extract a body](https://fetch.spec.whatwg.org/#concept-bodyinit-extract)).
#[derive(Debug, Clone)]
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    pub(super) content_type: Option<&'static str>,
}

/// A call that a script makes with `fetch`.
///
/// What a script may write wrongly (a method or header that no script can use, a URL that is none) is
/// not refused here: the call [fails](super::Failure) as it does in a browser.
///
/// # Examples
///
/// ```
/// use cors_core::testing::{Credentials, Request};
///
/// let call = Request::put("https://api.example.com/users/7")
///     .json(r#"{"name":"Ada"}"#)
///     .header("x-request-id", "17")
///     .credentials(Credentials::Include);
/// ```
#[derive(Debug, Clone)]
#[must_use = "a call is made by `Page::fetch`"]
pub struct Request {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<Body>,
    pub(super) mode: Mode,
    pub(super) credentials: Option<Credentials>,
    pub(super) redirect: Redirect,
    pub(super) cache: Cache,
    pub(super) to_private_network: bool,
}

impl Request {
    /// A call with any method. A URL without a scheme and host is below the page.
    pub fn new(method: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            method: method.into(),
            url: url.into(),
            headers: Vec::new(),
            body: None,
            mode: Mode::default(),
            credentials: None,
            redirect: Redirect::default(),
            cache: Cache::default(),
            to_private_network: false,
        }
    }

    /// `GET`
    pub fn get(url: impl Into<String>) -> Self {
        Self::new("GET", url)
    }

    /// `HEAD`
    pub fn head(url: impl Into<String>) -> Self {
        Self::new("HEAD", url)
    }

    /// `POST`
    pub fn post(url: impl Into<String>) -> Self {
        Self::new("POST", url)
    }

    /// `PUT`
    pub fn put(url: impl Into<String>) -> Self {
        Self::new("PUT", url)
    }

    /// `PATCH`
    pub fn patch(url: impl Into<String>) -> Self {
        Self::new("PATCH", url)
    }

    /// `DELETE`
    pub fn delete(url: impl Into<String>) -> Self {
        Self::new("DELETE", url)
    }

    /// Adds a header. One that no script can set is dropped, as a browser drops it.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// A JSON text, with `Content-Type: application/json`.
    pub fn json(self, text: impl Into<String>) -> Self {
        self.with_body(text.into().into_bytes(), None).header("content-type", "application/json")
    }

    /// What a script sends with a string: the browser adds `Content-Type: text/plain;charset=UTF-8`
    /// unless the script has set one.
    pub fn text(self, text: impl Into<String>) -> Self {
        self.with_body(text.into().into_bytes(), Some("text/plain;charset=UTF-8"))
    }

    /// What a script sends with `URLSearchParams`: the browser adds
    /// `Content-Type: application/x-www-form-urlencoded;charset=UTF-8`.
    pub fn form(self, encoded: impl Into<String>) -> Self {
        const FORM: &str = "application/x-www-form-urlencoded;charset=UTF-8";
        self.with_body(encoded.into().into_bytes(), Some(FORM))
    }

    /// Bytes, without a `Content-Type`.
    pub fn body(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.with_body(bytes.into(), None)
    }

    fn with_body(mut self, bytes: Vec<u8>, content_type: Option<&'static str>) -> Self {
        self.body = Some(Body { bytes, content_type });
        self
    }

    /// What the page may do with the response.
    pub const fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// Whether cookies go along, whatever the page does by default.
    pub const fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// What is done about a redirect.
    pub const fn redirect(mut self, redirect: Redirect) -> Self {
        self.redirect = redirect;
        self
    }

    /// What is done about caches.
    pub const fn cache(mut self, cache: Cache) -> Self {
        self.cache = cache;
        self
    }

    /// From a page on a public address to a server in a private network: there is a preflight
    /// whatever the call, with `Access-Control-Request-Private-Network`
    /// ([Private Network Access](https://wicg.github.io/private-network-access/#cors-preflight)).
    ///
    /// Chromium sent it from version 104 on. Since 142 it asks the user instead and sends nothing.
    pub const fn to_private_network(mut self) -> Self {
        self.to_private_network = true;
        self
    }
}

impl From<&str> for Request {
    /// `GET`
    fn from(url: &str) -> Self {
        Self::get(url)
    }
}
