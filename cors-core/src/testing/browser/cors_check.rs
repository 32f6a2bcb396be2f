//! Whether a page may read a response ([Fetch, CORS check](https://fetch.spec.whatwg.org/#concept-cors-check)).

use std::fmt;

use url::Url;

use super::headers::Headers;
use super::request::Credentials;

/// Why the check fails; more than the standard distinguishes, as the console of Chromium does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CheckFailure {
    Missing,
    AnyWithCredentials,
    Several(String),
    Invalid(String),
    Mismatch(String),
    NoCredentials(String),
}

/// Checks a response to a page of the origin `origin`, serialized.
pub(super) fn check(
    origin: &str,
    credentials: Credentials,
    headers: &Headers,
) -> Result<(), CheckFailure> {
    let includes = credentials == Credentials::Include;
    // Steps 1 and 2.
    let allowed = headers.get("access-control-allow-origin").ok_or(CheckFailure::Missing)?;
    // Steps 3 to 5.
    if allowed == "*" {
        return if includes { Err(CheckFailure::AnyWithCredentials) } else { Ok(()) };
    }
    if allowed != origin {
        return Err(difference(allowed));
    }
    if !includes {
        return Ok(());
    }
    // Steps 6 to 8.
    match headers.get("access-control-allow-credentials") {
        Some(value) if value == "true" => Ok(()),
        value => Err(CheckFailure::NoCredentials(value.unwrap_or_default())),
    }
}

fn difference(allowed: String) -> CheckFailure {
    if allowed.contains([' ', ',']) {
        CheckFailure::Several(allowed)
    } else if allowed == "null" || Url::parse(&allowed).is_ok() {
        CheckFailure::Mismatch(allowed)
    } else {
        CheckFailure::Invalid(allowed)
    }
}

impl fmt::Display for CheckFailure {
    /// The words of Chromium's console.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str(
                "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
            ),
            Self::AnyWithCredentials => f.write_str(
                "The value of the 'Access-Control-Allow-Origin' header in the response must not be \
                 the wildcard '*' when the request's credentials mode is 'include'.",
            ),
            Self::Several(value) => write!(
                f,
                "The 'Access-Control-Allow-Origin' header contains multiple values '{value}', but \
                 only one is allowed. Have the server send the header with a valid value.",
            ),
            Self::Invalid(value) => write!(
                f,
                "The 'Access-Control-Allow-Origin' header contains the invalid value '{value}'. \
                 Have the server send the header with a valid value.",
            ),
            Self::Mismatch(value) => write!(
                f,
                "The 'Access-Control-Allow-Origin' header has a value '{value}' that is not equal \
                 to the supplied origin. Have the server send the header with a valid value.",
            ),
            Self::NoCredentials(value) => write!(
                f,
                "The value of the 'Access-Control-Allow-Credentials' header in the response is \
                 '{value}' which must be 'true' when the request's credentials mode is 'include'.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const APP: &str = "https://app.example.com";

    #[track_caller]
    fn judged(lines: &[(&str, &str)], credentials: Credentials) -> Result<(), CheckFailure> {
        let mut headers = Headers::new();
        for (name, value) in lines {
            headers.append(&format!("access-control-allow-{name}"), *value);
        }
        check(APP, credentials, &headers)
    }

    #[test]
    fn origins() {
        use CheckFailure::{AnyWithCredentials, Invalid, Mismatch, Missing, Several};
        let omit = |lines| judged(lines, Credentials::Omit);
        assert_eq!(omit(&[]), Err(Missing));
        assert_eq!(omit(&[("origin", "*")]), Ok(()));
        assert_eq!(omit(&[("origin", APP)]), Ok(()));
        assert_eq!(omit(&[("origin", "*"), ("origin", "*")]), Err(Several("*, *".into())));
        assert_eq!(omit(&[("origin", "null")]), Err(Mismatch("null".into())));
        assert_eq!(omit(&[("origin", "app")]), Err(Invalid("app".into())));
        let slash = "https://app.example.com/";
        assert_eq!(omit(&[("origin", slash)]), Err(Mismatch(slash.into())));
        assert_eq!(judged(&[("origin", "*")], Credentials::Include), Err(AnyWithCredentials));
    }

    #[test]
    fn credentials() {
        let include = |lines| judged(lines, Credentials::Include);
        assert_eq!(include(&[("origin", APP), ("credentials", "true")]), Ok(()));
        let refused = CheckFailure::NoCredentials("TRUE".into());
        assert_eq!(include(&[("origin", APP), ("credentials", "TRUE")]), Err(refused));
        assert_eq!(include(&[("origin", APP)]), Err(CheckFailure::NoCredentials(String::new())));
        assert_eq!(judged(&[("origin", APP)], Credentials::SameOrigin), Ok(()));
    }
}
