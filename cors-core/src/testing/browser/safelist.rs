//! What a page may send without a preflight: CORS-safelisted request headers
//! ([Fetch, 2.2.2](https://fetch.spec.whatwg.org/#cors-safelisted-request-header)).

use super::headers::Headers;
use super::mime;

/// The longest value that needs no preflight.
const LONGEST_VALUE: usize = 128;
/// The length of all such values together.
const LONGEST_SUM: usize = 1024;

/// The request headers with numbers that Chromium exempts beyond the standard: client hints, which it
/// sends by itself where a server asks for them.
const NUMBERS: &[&str] = &["device-memory", "downlink", "dpr", "rtt", "viewport-width", "width"];

/// Whether a header is a hint that goes no further than to the origin that it was set for.
pub(super) fn is_hint(name: &str) -> bool {
    name == "ect" || NUMBERS.contains(&name)
}

/// The names that need a preflight, in lower case and in the order of the list
/// ([Fetch, CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names)).
pub(super) fn unsafe_names(headers: &Headers) -> Vec<String> {
    let (safe, unsafe_): (Vec<_>, Vec<_>) =
        headers.iter().partition(|(name, value)| is_safelisted(name, value));
    let sum: usize = safe.iter().map(|(_, value)| value.chars().count()).sum();
    let too_long = if sum > LONGEST_SUM { safe } else { Vec::new() };
    unsafe_.into_iter().chain(too_long).map(|(name, _)| name.to_owned()).collect()
}

/// Whether a header, with its name in lower case, needs no preflight.
pub(super) fn is_safelisted(name: &str, value: &str) -> bool {
    let is_short = value.chars().count() <= LONGEST_VALUE;
    is_short
        && match name {
            "accept" => !value.chars().any(is_unsafe),
            "accept-language" | "content-language" => value.chars().all(is_of_language),
            "content-type" => !value.chars().any(is_unsafe) && is_form(value),
            "range" => is_simple_range(value),
            // Hints, too.
            "save-data" => value.eq_ignore_ascii_case("on"),
            "ect" => ["slow-2g", "2g", "3g", "4g"].contains(&value),
            name => NUMBERS.contains(&name) && is_number(value),
        }
}

/// Whether a header of a `no-cors` request is kept
/// ([Fetch, no-CORS-safelisted request-header](https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header)).
pub(super) fn is_no_cors_safelisted(name: &str, value: &str) -> bool {
    matches!(name, "accept" | "accept-language" | "content-language" | "content-type")
        && is_safelisted(name, value)
}

/// [CORS-unsafe request-header byte](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte)
fn is_unsafe(c: char) -> bool {
    (c < ' ' && c != '\t') || "\"():<>?@[\\]{}\u{7f}".contains(c)
}

fn is_of_language(c: char) -> bool {
    c.is_ascii_alphanumeric() || " *,-.;=".contains(c)
}

/// Whether a header of this name, in lower case, needs no preflight where its value is harmless.
pub(super) fn can_be_safelisted(name: &str) -> bool {
    const NAMES: &[&str] =
        &["accept", "accept-language", "content-language", "content-type", "range", "save-data"];
    NAMES.contains(&name) || is_hint(name)
}

/// Digits, and behind a point more of them, as Chromium reads it.
fn is_number(value: &str) -> bool {
    let is_digits = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    is_digits(whole) && is_digits(fraction)
}

/// The types that HTML forms send.
fn is_form(value: &str) -> bool {
    mime::essence(value).is_some_and(|it| {
        ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]
            .contains(&it.as_str())
    })
}

/// `bytes=` with a start ([Fetch, parse a single range header value](https://fetch.spec.whatwg.org/#simple-range-header-value)).
fn is_simple_range(value: &str) -> bool {
    let Some((start, end)) = value.strip_prefix("bytes=").and_then(|it| it.split_once('-')) else {
        return false;
    };
    position(start)
        .is_some_and(|start| end.is_empty() || position(end).is_some_and(|end| start <= end))
}

/// A position in a range. Chromium has them in a signed number, and the highest one for none.
fn position(text: &str) -> Option<i64> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|it| is_number && *it < i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_decide() {
        for (name, value, expected) in [
            ("accept", "text/html, */*;q=0.8", true),
            ("accept", "a:b", false),
            ("accept-language", "en-GB, en;q=0.5", true),
            ("accept-language", "en_GB", false),
            ("content-type", "text/plain", true),
            ("content-type", "Text/Plain ;charset=utf-8", true),
            ("content-type", "application/json", false),
            ("content-type", "application/json, text/plain", false),
            ("content-type", "text/plain; x=\"y\"", false),
            ("content-type", "", false),
            ("range", "bytes=0-", true),
            ("range", "bytes=0-9", true),
            ("range", "bytes=-9", false),
            ("range", "bytes=9-0", false),
            ("range", "bytes=0-1,2-3", false),
            ("save-data", "on", true),
            ("save-data", "off", false),
            ("dpr", "2", true),
            ("dpr", "2.25", true),
            ("dpr", "-1", false),
            ("dpr", "1e3", false),
            ("dpr", ".5", false),
            ("dpr", "5.", false),
            ("dpr", "inf", false),
            ("range", "bytes=9223372036854775808-", false),
            ("range", "bytes=9223372036854775807-9223372036854775807", false),
            ("viewport-width", "x", false),
            ("x-debug", "1", false),
            ("authorization", "x", false),
        ] {
            assert_eq!(is_safelisted(name, value), expected, "{name}: {value}");
            assert!(can_be_safelisted(name) || !expected, "{name}");
        }
        assert!(is_safelisted("accept", &"a".repeat(128)));
        assert!(!is_safelisted("accept", &"a".repeat(129)));
    }

    #[test]
    fn names_are_in_lower_case() {
        let mut headers = Headers::new();
        for (name, value) in [("X-B", "1"), ("accept", "*/*"), ("x-a", "1")] {
            headers.append(name, value);
        }
        assert!(unsafe_names(&headers).iter().eq(["x-b", "x-a"]));
    }

    #[test]
    fn many_safe_values_are_not_safe_together() {
        let mut headers = Headers::new();
        for _ in 0..9 {
            headers.append("accept", "a".repeat(128));
        }
        assert_eq!(unsafe_names(&headers).len(), 9);
    }
}
