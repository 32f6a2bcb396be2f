//! Which origins and URLs belong together, and which a browser trusts.

use url::{Host, Origin, Url};

use crate::origin::suffix::registrable_domain;

/// Whether two origins have a scheme and a registrable domain in common
/// ([HTML, same site](https://html.spec.whatwg.org/#same-site)).
pub(super) fn is_same_site(one: &Origin, other: &Origin) -> bool {
    site(one) == site(other)
}

/// What the caches and the cookies of an origin are kept under: its scheme and registrable domain
/// ([HTML, site](https://html.spec.whatwg.org/#obtain-a-site)).
pub(super) fn site(origin: &Origin) -> String {
    match origin {
        Origin::Tuple(scheme, Host::Domain(host), _) => {
            format!("{scheme}://{}", registrable_domain(host).unwrap_or(host))
        }
        Origin::Tuple(scheme, host, _) => format!("{scheme}://{host}"),
        // `Debug` of an opaque origin is another text for each.
        Origin::Opaque(opaque) => format!("{opaque:?}"),
    }
}

/// Whether a URL is potentially trustworthy
/// ([Secure Contexts, 3.1](https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy)).
pub(super) fn is_trustworthy(url: &Url) -> bool {
    let is_loopback = match url.host() {
        Some(Host::Domain(host)) => host == "localhost" || host.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    matches!(url.scheme(), "https" | "wss") || is_loopback
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same_site(one: &str, other: &str, expected: bool) {
        let [one, other] = [one, other].map(|it| Url::parse(it).unwrap().origin());
        assert_eq!(is_same_site(&one, &other), expected);
    }

    #[test]
    fn sites() {
        same_site("https://a.example.com", "https://b.example.com:8443", true);
        same_site("https://example.com", "http://example.com", false);
        same_site("https://a.github.io", "https://b.github.io", false);
        same_site("http://app.localhost", "http://x.app.localhost", true);
        same_site("http://app.localhost", "http://api.localhost", false);
        same_site("http://127.0.0.1:1", "http://127.0.0.1:2", true);
        same_site("http://127.0.0.1", "http://127.0.0.2", false);
    }

    #[test]
    fn an_opaque_origin_is_only_itself() {
        let one = Origin::new_opaque();
        assert!(is_same_site(&one, &one.clone()));
        assert!(!is_same_site(&one, &Origin::new_opaque()));
        assert_ne!(site(&one), site(&Origin::new_opaque()));
    }

    #[test]
    fn trust() {
        for url in ["https://a.example", "http://localhost", "http://a.localhost:1", "http://[::1]"]
        {
            assert!(is_trustworthy(&Url::parse(url).unwrap()), "{url}");
        }
        for url in ["http://a.example", "http://10.0.0.1", "http://localhost.example"] {
            assert!(!is_trustworthy(&Url::parse(url).unwrap()), "{url}");
        }
    }
}
