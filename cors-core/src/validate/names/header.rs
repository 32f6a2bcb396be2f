//! Header names, as far as CORS treats them apart. All functions expect lower case.

/// The request headers that no script can set.
///
/// `X-HTTP-Method` and its like are forbidden for some values only, and may be named.
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

/// Headers that only responses have.
///
/// Names that both directions know (`content-type`, `cache-control`, `date`, ...) and names
/// that nobody has registered are not here.
const RESPONSE_ONLY: &[&str] = &[
    "accept-ch",
    "accept-ranges",
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-allow-private-network",
    "access-control-expose-headers",
    "access-control-max-age",
    "age",
    "allow",
    "alt-svc",
    "clear-site-data",
    "content-disposition",
    "content-security-policy",
    "content-security-policy-report-only",
    "cross-origin-embedder-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "etag",
    "expires",
    "last-modified",
    "location",
    "nel",
    "origin-agent-cluster",
    "permissions-policy",
    "proxy-authenticate",
    "referrer-policy",
    "refresh",
    "report-to",
    "reporting-endpoints",
    "retry-after",
    "server",
    "server-timing",
    "set-cookie",
    "set-cookie2",
    "sourcemap",
    "strict-transport-security",
    "timing-allow-origin",
    "vary",
    "www-authenticate",
    "x-content-type-options",
    "x-frame-options",
    "x-powered-by",
    "x-xss-protection",
];

/// Headers that only requests have.
const REQUEST_ONLY: &[&str] = &[
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "access-control-request-headers",
    "access-control-request-method",
    "access-control-request-private-network",
    "authorization",
    "cookie",
    "cookie2",
    "dnt",
    "expect",
    "from",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "max-forwards",
    "origin",
    "proxy-authorization",
    "range",
    "referer",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-fetch-site",
    "sec-fetch-user",
    "sec-websocket-key",
    "te",
    "upgrade-insecure-requests",
    "user-agent",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-requested-with",
];

/// The response headers that browsers keep from scripts whatever a server says.
///
/// <https://fetch.spec.whatwg.org/#forbidden-response-header-name>
const NEVER_EXPOSED: &[&str] = &["set-cookie", "set-cookie2"];

/// Whether no script can set a request header.
pub(crate) fn is_forbidden(name: &str) -> bool {
    FORBIDDEN.contains(&name) || FORBIDDEN_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Whether only responses have a header.
pub(crate) fn is_response_only(name: &str) -> bool {
    RESPONSE_ONLY.contains(&name)
}

/// Whether only requests have a header.
pub(crate) fn is_request_only(name: &str) -> bool {
    REQUEST_ONLY.contains(&name)
}

/// Whether no script can read a response header.
pub(crate) fn is_never_exposed(name: &str) -> bool {
    NEVER_EXPOSED.contains(&name)
}
