//! Header names, as far as CORS treats them apart. All functions expect lower case.

/// The request headers that no script can set.
///
/// `X-HTTP-Method`, `X-HTTP-Method-Override` and `X-Method-Override` are forbidden for some
/// values only, so that their names may be listed.
///
/// <https://fetch.spec.whatwg.org/#forbidden-request-header>
const FORBIDDEN: &[&str] = &[
    "accept-charset",
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "access-control-request-private-network",
    "connection",
    "content-length",
    "cookie",
    "cookie2",
    "date",
    "dnt",
    "expect",
    "host",
    "keep-alive",
    "origin",
    "referer",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

/// The families of request headers that no script can set.
const FORBIDDEN_PREFIXES: &[&str] = &["proxy-", "sec-"];

/// The response headers that browsers always hide from scripts.
///
/// <https://fetch.spec.whatwg.org/#forbidden-response-header-name>
const NEVER_EXPOSED: &[&str] = &["set-cookie", "set-cookie2"];

/// Whether no script can set a request header.
pub(crate) fn is_forbidden(name: &str) -> bool {
    FORBIDDEN.contains(&name) || FORBIDDEN_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Whether no script can read a response header.
pub(crate) fn is_never_exposed(name: &str) -> bool {
    NEVER_EXPOSED.contains(&name)
}
