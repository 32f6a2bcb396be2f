//! The call whose outcome is predicted, as a page sends it.

use std::fmt;

use cors_axum::testing::{Browser, Cache, Credentials, Fetch, Mode, Page, Request};
use serde::Deserialize;

/// A call. What a script may write wrongly (a method, a header) is predicted like anything else.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Call {
    pub(super) server: Server,
    /// The origin of the page that makes it; `null` for a sandboxed frame.
    page: String,
    #[serde(default)]
    pub(super) way: Way,
    #[serde(default = "get")]
    pub(super) method: String,
    path: Path,
    #[serde(default)]
    credentials: Sent,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default)]
    body: Option<Body>,
}

/// Which of the two APIs it goes to.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Server {
    Axum,
    Actix,
}

/// How a script makes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Way {
    #[default]
    Fetch,
    NoCors,
    Socket,
}

/// Whether cookies go along.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Sent {
    Omit,
    #[default]
    SameOrigin,
    Include,
}

/// What is sent, by the kind of value that a script gives to `fetch`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Body {
    /// A string.
    Text(String),
    /// `URLSearchParams`.
    Form(String),
}

/// A path on the server, so that no other server is ever named.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct Path(String);

#[derive(Debug)]
struct NoPath;

impl fmt::Display for NoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a path begins with `/`")
    }
}

impl TryFrom<String> for Path {
    type Error = NoPath;

    fn try_from(text: String) -> Result<Self, NoPath> {
        if text.starts_with('/') { Ok(Self(text)) } else { Err(NoPath) }
    }
}

fn get() -> String {
    "GET".to_owned()
}

impl Call {
    /// Opens the page that makes it.
    pub(super) fn open(&self, browser: &Browser) -> Page {
        match self.page.as_str() {
            "null" => browser.open_sandboxed(),
            origin => browser.open(origin),
        }
    }

    /// The call of that page to the server at this address.
    pub(super) fn from(&self, page: &Page, server: &str) -> Fetch {
        let url = format!("{server}{}", self.path.0);
        if self.way == Way::Socket {
            return page.websocket(&url.replacen("http", "ws", 1));
        }
        let request = Request::new(&self.method, url)
            .mode(if self.way == Way::NoCors { Mode::NoCors } else { Mode::Cors })
            .cache(Cache::NoStore)
            .credentials(match self.credentials {
                Sent::Omit => Credentials::Omit,
                Sent::SameOrigin => Credentials::SameOrigin,
                Sent::Include => Credentials::Include,
            });
        let headers = self.headers.iter();
        let request = headers.fold(request, |it, (name, value)| it.header(name, value));
        page.fetch(match &self.body {
            Some(Body::Text(text)) => request.text(text),
            Some(Body::Form(text)) => request.form(text),
            None => request,
        })
    }
}
