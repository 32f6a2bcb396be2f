//! From the words of a script to a request, or to the exception that the script gets
//! ([Fetch, `new Request(input, init)`](https://fetch.spec.whatwg.org/#dom-request)).

use std::fmt;

use url::Url;

use super::headers::Headers;
use super::request::{Cache, Credentials, Mode, Redirect, Request};
use super::safelist::is_no_cors_safelisted;
use crate::protocol::preflight::is_safelisted_method;
use crate::validate::names::{header, method, token::is_token};

/// A request that a script may make.
#[derive(Debug, Clone)]
pub(super) struct Scripted {
    pub(super) method: String,
    pub(super) url: Url,
    pub(super) headers: Headers,
    pub(super) body: Option<Vec<u8>>,
    pub(super) mode: Mode,
    pub(super) credentials: Credentials,
    pub(super) redirect: Redirect,
    pub(super) cache: Cache,
    pub(super) to_private_network: bool,
}

/// Headers by which a script asks for what has changed.
const CONDITIONAL: &[&str] =
    &["if-modified-since", "if-none-match", "if-unmodified-since", "if-match", "if-range"];

/// What a script may not write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Misuse {
    Url(String),
    UrlWithCredentials(String),
    NoMethod(String),
    ForbiddenMethod(String),
    MethodWithoutCors(String),
    BodyOfGet,
    HeaderName(String),
    HeaderValue,
    Character,
    /// A WebSocket has another scheme.
    SocketScheme(String),
}

impl fmt::Display for Misuse {
    /// The words of the exception that Chromium throws.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => write!(f, "Failed to parse URL from {url}"),
            Self::UrlWithCredentials(url) => {
                write!(
                    f,
                    "Request cannot be constructed from a URL that includes credentials: {url}"
                )
            }
            Self::NoMethod(method) => write!(f, "'{method}' is not a valid HTTP method."),
            Self::ForbiddenMethod(method) => write!(f, "'{method}' HTTP method is unsupported."),
            Self::MethodWithoutCors(method) => {
                write!(f, "'{method}' is unsupported in no-cors mode.")
            }
            Self::BodyOfGet => f.write_str("Request with GET/HEAD method cannot have body."),
            Self::HeaderName(_) => f.write_str("Invalid name"),
            Self::HeaderValue => f.write_str("Invalid value"),
            Self::Character => f.write_str(
                "Failed to read the 'headers' property from 'RequestInit': String contains non \
                 ISO-8859-1 code point.",
            ),
            Self::SocketScheme(scheme) => write!(
                f,
                "The URL's scheme must be either 'http', 'https', 'ws', or 'wss'. '{scheme}' is \
                 not allowed."
            ),
        }
    }
}

impl Scripted {
    /// Reads what a script on a page at `base` wrote.
    pub(super) fn read(
        written: Request,
        base: Option<&Url>,
        credentials: Credentials,
    ) -> Result<Self, Misuse> {
        let Request { method, url, headers, body, mode, redirect, cache, .. } = written;
        // The conversion to bytes comes before everything else
        // ([Web IDL, ByteString](https://webidl.spec.whatwg.org/#es-ByteString)).
        let has_bytes = |text: &str| text.chars().all(|c| u8::try_from(c).is_ok());
        if !headers.iter().all(|(name, value)| has_bytes(name) && has_bytes(value)) {
            return Err(Misuse::Character);
        }
        let parsed = Url::options().base_url(base).parse(&url);
        let parsed = parsed.map_err(|_| Misuse::Url(url.clone()))?;
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err(Misuse::UrlWithCredentials(url));
        }
        let method = read_method(method, mode)?;
        let mut list = Headers::new();
        for (name, value) in headers {
            append(&mut list, mode, &name, &value)?;
        }
        if body.is_some() && matches!(method.as_str(), "GET" | "HEAD") {
            return Err(Misuse::BodyOfGet);
        }
        let content_type = body.as_ref().and_then(|it| it.content_type);
        if let Some(content_type) = content_type.filter(|_| !list.contains("content-type")) {
            append(&mut list, mode, "content-type", content_type)?;
        }
        // Chromium revalidates where the standard says `no-store`
        // (HTTP-network-or-cache fetch, 8.14).
        let is_conditional = CONDITIONAL.iter().any(|it| list.contains(it));
        let cache = if is_conditional && cache == Cache::Default { Cache::NoCache } else { cache };
        Ok(Self {
            method,
            url: parsed,
            headers: list.combined(),
            body: body.map(|it| it.bytes),
            mode,
            credentials: written.credentials.unwrap_or(credentials),
            redirect,
            cache,
            to_private_network: written.to_private_network,
        })
    }
}

fn read_method(written: String, mode: Mode) -> Result<String, Misuse> {
    if !is_token(&written) {
        return Err(Misuse::NoMethod(written));
    }
    if method::is_forbidden(&written) {
        return Err(Misuse::ForbiddenMethod(written));
    }
    let method = match method::standard(&written) {
        Some(standard) if method::is_normalised(standard) => standard.to_owned(),
        _ => written,
    };
    if mode == Mode::NoCors && !is_safelisted_method(method.as_bytes()) {
        return Err(Misuse::MethodWithoutCors(method));
    }
    Ok(method)
}

/// [Fetch, append](https://fetch.spec.whatwg.org/#concept-headers-append) to the headers of a request.
fn append(list: &mut Headers, mode: Mode, name: &str, value: &str) -> Result<(), Misuse> {
    let value = value.trim_matches([' ', '\t', '\r', '\n']);
    if !is_token(name) {
        return Err(Misuse::HeaderName(name.to_owned()));
    }
    if value.contains(['\0', '\r', '\n']) {
        return Err(Misuse::HeaderValue);
    }
    let name = name.to_ascii_lowercase();
    if is_forbidden(&name, value) {
        return Ok(());
    }
    if mode == Mode::NoCors {
        let whole = list.get(&name).map_or_else(|| value.to_owned(), |it| format!("{it}, {value}"));
        if !is_no_cors_safelisted(&name, &whole) {
            return Ok(());
        }
    }
    list.append(&name, value);
    Ok(())
}

/// Whether no script can set a header to a value
/// ([Fetch, forbidden request-header](https://fetch.spec.whatwg.org/#forbidden-request-header)).
fn is_forbidden(name: &str, value: &str) -> bool {
    const OVERRIDES: &[&str] = &["x-http-method", "x-http-method-override", "x-method-override"];
    let names_forbidden = || value.split(',').any(|it| method::is_forbidden(it.trim()));
    // Chromium sends its own `User-Agent`, whatever a script sets.
    name == "user-agent"
        || header::is_forbidden(name)
        || (OVERRIDES.contains(&name) && names_forbidden())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(request: Request) -> Result<Scripted, Misuse> {
        let base = Url::parse("https://app.example.com/shop/").unwrap();
        Scripted::read(request, Some(&base), Credentials::SameOrigin)
    }

    #[test]
    fn some_methods_are_put_into_upper_case() {
        assert_eq!(read(Request::new("put", "/")).unwrap().method, "PUT");
        assert_eq!(read(Request::new("patch", "/")).unwrap().method, "patch");
    }

    #[test]
    fn what_a_script_may_not_write() {
        for (request, expected) in [
            (Request::new("Trace", "/"), "'Trace' HTTP method is unsupported."),
            (Request::new("A B", "/"), "'A B' is not a valid HTTP method."),
            (Request::put("/").mode(Mode::NoCors), "'PUT' is unsupported in no-cors mode."),
            (Request::get("/").text("x"), "Request with GET/HEAD method cannot have body."),
            (Request::get("http://[").text("x"), "Failed to parse URL from http://["),
            (Request::get("/").header("a b", "x"), "Invalid name"),
            (Request::get("/").header("a", "x\ny"), "Invalid value"),
            (
                Request::get("/").header("a", "λ"),
                "Failed to read the 'headers' property from 'RequestInit': String contains non \
                 ISO-8859-1 code point.",
            ),
        ] {
            assert_eq!(read(request).unwrap_err().to_string(), expected);
        }
        assert!(matches!(
            read(Request::get("https://a:b@c.example")),
            Err(Misuse::UrlWithCredentials(_))
        ));
    }

    #[test]
    fn a_url_is_below_the_page() {
        assert_eq!(read("cart".into()).unwrap().url.as_str(), "https://app.example.com/shop/cart");
    }

    #[test]
    fn forbidden_headers_are_dropped() {
        let request = Request::get("/")
            .header("Cookie", "a=b")
            .header("Sec-Fetch-Site", "none")
            .header("X-HTTP-Method-Override", "PUT")
            .header("X-Method-Override", "GET, trace")
            .header("x-kept", " 1 ");
        let headers = read(request).unwrap().headers;
        assert!(headers.iter().eq([("x-http-method-override", "PUT"), ("x-kept", "1")]));
    }

    #[test]
    fn without_cors_only_safe_headers_are_kept() {
        let request = Request::post("/")
            .mode(Mode::NoCors)
            .header("x-debug", "1")
            .header("accept", "text/html")
            .header("range", "bytes=0-")
            .json("{}");
        let headers = read(request).unwrap().headers;
        assert!(headers.iter().eq([("accept", "text/html")]));
    }

    #[test]
    fn a_body_brings_its_type() {
        let headers = |request| read(request).unwrap().headers.get("content-type");
        assert_eq!(
            headers(Request::post("/").text("x")).as_deref(),
            Some("text/plain;charset=UTF-8")
        );
        let typed = Request::post("/").text("x").header("content-type", "a/b");
        assert_eq!(headers(typed).as_deref(), Some("a/b"));
        assert_eq!(headers(Request::post("/").body("x")), None);
    }
}
