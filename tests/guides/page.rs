//! What a page makes of a response: the CORS checks of Fetch. Not by `cors_core::testing`, which does
//! what Chromium does: the guides are for all browsers.
//! <https://fetch.spec.whatwg.org/#concept-cors-check>,
//! <https://fetch.spec.whatwg.org/#cors-preflight-fetch>

/// A request of a page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask {
    /// As the guides name it.
    pub(crate) name: &'static str,
    pub(crate) origin: Option<&'static str>,
    /// What a preflight is about; `None` for a `GET` without a preflight.
    pub(crate) preflight: Option<Preflight>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Preflight {
    pub(crate) method: &'static str,
    pub(crate) headers: &'static str,
    pub(crate) private_network: bool,
}

const APP: Option<&str> = Some("https://app.example.com");
const OTHER: Option<&str> = Some("https://other.example");

const fn get(name: &'static str, origin: Option<&'static str>) -> Ask {
    Ask { name, origin, preflight: None }
}

const fn preflight(
    name: &'static str,
    origin: Option<&'static str>,
    method: &'static str,
    headers: &'static str,
) -> Ask {
    Ask { name, origin, preflight: Some(Preflight { method, headers, private_network: false }) }
}

/// What is sent to every pair of policies.
pub(crate) const ASKS: &[Ask] = &[
    get("`GET` from `https://app.example.com`", APP),
    get("`GET` from `https://preview.example.com`", Some("https://preview.example.com")),
    get("`GET` from `http://preview.example.com`", Some("http://preview.example.com")),
    get("`GET` from `https://evil-example.com`", Some("https://evil-example.com")),
    get("`GET` from `https://other.example`", OTHER),
    get("`GET` without `Origin`", None),
    preflight("preflight for `PUT` with `content-type`", APP, "PUT", "content-type"),
    preflight("preflight for `PUT` with `x-other`", APP, "PUT", "x-other"),
    preflight("preflight for `PUT` with `authorization`", APP, "PUT", "authorization"),
    preflight("preflight for `DELETE`", APP, "DELETE", ""),
    preflight("preflight for `PURGE`", APP, "PURGE", ""),
    preflight("preflight for `GET` with `content-type`", APP, "GET", "content-type"),
    preflight("preflight for `PUT` from `https://other.example`", OTHER, "PUT", "content-type"),
    Ask {
        name: "preflight for `PUT` into a private network",
        origin: APP,
        preflight: Some(Preflight {
            method: "PUT",
            headers: "content-type",
            private_network: true,
        }),
    },
];

/// A response.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Names in lower case.
    headers: Vec<(String, String)>,
}

impl Response {
    pub(crate) fn new<'a>(status: u16, headers: impl Iterator<Item = (&'a str, &'a [u8])>) -> Self {
        let headers = headers
            .map(|(name, value)| (name.to_owned(), String::from_utf8_lossy(value).into_owned()));
        Self { status, headers: headers.collect() }
    }

    /// The handlers of both frameworks say so.
    pub(crate) fn handler_ran(&self) -> bool {
        self.values("x-handler-ran").next().is_some()
    }

    /// The values of a header, as one.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let values: Vec<&str> = self.values(name).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// The elements of a header that is a list, in lower case.
    pub(crate) fn elements(&self, name: &str) -> Vec<String> {
        let elements = self.values(name).flat_map(|value| value.split(','));
        elements.map(|it| it.trim().to_ascii_lowercase()).filter(|it| !it.is_empty()).collect()
    }

    /// The header fields that are CORS's.
    pub(crate) fn cors(&self) -> impl Iterator<Item = &str> {
        self.headers.iter().map(|(name, _)| name.as_str()).filter(|it| it.starts_with("access-"))
    }

    /// The CORS check.
    fn is_shared(&self, origin: &str, credentials: bool) -> bool {
        let [allowed] = self.values("access-control-allow-origin").collect::<Vec<_>>()[..] else {
            return false;
        };
        if !credentials {
            return allowed == "*" || allowed == origin;
        }
        allowed == origin && self.values("access-control-allow-credentials").eq(["true"])
    }

    fn lists(&self, header: &str, name: &str, credentials: bool) -> bool {
        let list = self.elements(header);
        let wildcard = !credentials && name != "authorization" && list.iter().any(|it| it == "*");
        wildcard || list.contains(&name.to_ascii_lowercase())
    }

    /// Whether a browser goes on after this response to a preflight.
    fn lets_through(&self, origin: &str, ask: &Preflight, credentials: bool) -> bool {
        let Preflight { method, headers, private_network } = ask;
        let mut names = headers.split(',').map(str::trim).filter(|it| !it.is_empty());
        (200..300).contains(&self.status)
            && self.is_shared(origin, credentials)
            && (["GET", "HEAD", "POST"].contains(method)
                || self.lists("access-control-allow-methods", method, credentials))
            && names.all(|it| self.lists("access-control-allow-headers", it, credentials))
            && (!private_network
                || self.values("access-control-allow-private-network").eq(["true"]))
    }
}

/// What a page sees of a response, in words.
pub(crate) fn sees(ask: &Ask, response: &Response) -> String {
    let origin = ask.origin.unwrap_or_default();
    let Some(preflight) = &ask.preflight else {
        if !response.handler_ran() {
            return format!("rejected with {}", response.status);
        }
        let readable = |credentials| response.is_shared(origin, credentials);
        let exposed = |credentials| {
            readable(credentials)
                && response.lists("access-control-expose-headers", "x-total", credentials)
        };
        let what = match (ask.origin, readable(false), readable(true)) {
            (None, ..) => "answered",
            (_, false, _) => "not readable",
            (_, true, false) => "readable",
            (_, true, true) => "readable, with cookies too",
        };
        let header = if exposed(true) || (exposed(false) && !readable(true)) {
            ", and so is the header `x-total`"
        } else if exposed(false) {
            ", the header `x-total` without cookies only"
        } else {
            ""
        };
        return format!("{what}{header}");
    };
    let goes_on = |credentials| response.lets_through(origin, preflight, credentials);
    let what = match (goes_on(false), goes_on(true)) {
        (false, _) => return "blocked".to_owned(),
        (true, false) => "allowed",
        (true, true) => "allowed, with cookies too",
    };
    let age = response.header("access-control-max-age");
    let age = age.map_or_else(String::new, |seconds| format!(", kept for {seconds} s"));
    format!("{what}{age}")
}

#[test]
fn a_wildcard_is_none_with_credentials() {
    let headers: [(&str, &[u8]); 4] = [
        ("access-control-allow-origin", b"*"),
        ("access-control-allow-credentials", b"true"),
        ("access-control-expose-headers", b"*"),
        ("x-handler-ran", b"1"),
    ];
    let response = Response::new(200, headers.into_iter());
    assert_eq!(sees(&ASKS[0], &response), "readable, and so is the header `x-total`");
}
