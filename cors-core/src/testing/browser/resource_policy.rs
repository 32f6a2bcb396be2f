//! `Cross-Origin-Resource-Policy`, which servers send against `no-cors`
//! ([Fetch, 3.7](https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header)).

use url::{Origin, Url};

use super::headers::Headers;
use super::site::is_same_site;

/// The value that keeps a response from a page; `None` if it may be used.
pub(super) fn blocking(origin: &Origin, url: &Url, headers: &Headers) -> Option<&'static str> {
    let target = url.origin();
    match headers.get("cross-origin-resource-policy").as_deref() {
        Some("same-origin") => (target != *origin).then_some("same-origin"),
        Some("same-site") => (!is_same_site(origin, &target)).then_some("same-site"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        let app = Url::parse("https://app.example.com").unwrap().origin();
        let blocked = |url: &str, value: &str| {
            let mut headers = Headers::new();
            headers.append("cross-origin-resource-policy", value);
            blocking(&app, &Url::parse(url).unwrap(), &headers).is_some()
        };
        assert!(blocked("https://api.example.com", "same-origin"));
        assert!(!blocked("https://api.example.com", "same-site"));
        assert!(blocked("https://api.example.net", "same-site"));
        assert!(!blocked("https://api.example.net", "cross-origin"));
        assert!(!blocked("https://api.example.net", "Same-Origin"));
    }
}
