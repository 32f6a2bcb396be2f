//! Request methods, as far as CORS treats them apart.

/// The methods that a name in another case was certainly meant to be.
///
/// To browsers and servers, `patch` and `PATCH` are different methods.
const STANDARD: &[&str] = &[
    "COPY",
    "DELETE",
    "GET",
    "HEAD",
    "LOCK",
    "MKCOL",
    "MOVE",
    "OPTIONS",
    "PATCH",
    "POST",
    "PROPFIND",
    "PROPPATCH",
    "PUT",
    "QUERY",
    "REPORT",
    "SEARCH",
    "UNLOCK",
];

/// The methods whose names browsers put into upper case.
///
/// <https://fetch.spec.whatwg.org/#concept-method-normalize>
const NORMALISED: &[&str] = &["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];

/// The methods that no script can use.
///
/// <https://fetch.spec.whatwg.org/#forbidden-method>
const FORBIDDEN: &[&str] = &["CONNECT", "TRACE", "TRACK"];

/// The standard method that a name is, in whatever case.
pub(crate) fn standard(name: &str) -> Option<&'static str> {
    STANDARD.iter().copied().find(|standard| standard.eq_ignore_ascii_case(name))
}

/// Whether browsers put the name of a standard method into upper case.
pub(crate) fn is_normalised(standard: &str) -> bool {
    NORMALISED.contains(&standard)
}

/// Whether no script can use a method.
pub(crate) fn is_forbidden(name: &str) -> bool {
    FORBIDDEN.iter().any(|forbidden| forbidden.eq_ignore_ascii_case(name))
}
