//! The cookies of a browser, and which of them a call carries.

use cookie_store::{CookieStore, RawCookie};
use url::Url;

use super::site::is_trustworthy;
use crate::origin::suffix::is_public_suffix;

/// The cookies of all servers.
#[derive(Debug, Default)]
pub(super) struct Cookies(CookieStore);

/// The longest name and value together.
const LONGEST: usize = 4096;

/// Whether a call is within one site: others carry only cookies that are `SameSite=None`
/// ([RFC 6265bis, 5.2](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-5.2)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Crossing {
    SameSite,
    CrossSite,
}

impl Crossing {
    /// Browsers take a cookie without `SameSite` for one with `SameSite=Lax`.
    fn allows(self, cookie: &RawCookie<'_>) -> bool {
        self == Self::SameSite || cookie.same_site().is_some_and(|it| it.is_none())
    }
}

impl Cookies {
    /// The `Cookie` header of a request; `None` if there is nothing to send.
    pub(super) fn header(&self, url: &Url, crossing: Crossing) -> Option<String> {
        let matching = self.0.matches(&secured(url)).into_iter().filter(|it| crossing.allows(it));
        let pairs: Vec<String> =
            matching.map(|it| format!("{}={}", it.name(), it.value())).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Stores the cookie of a `Set-Cookie` header, if a browser would.
    pub(super) fn store(&mut self, line: &str, url: &Url, crossing: Crossing) {
        let Ok(mut cookie) = RawCookie::parse(line) else { return };
        if is_refused(line, &cookie) || !crossing.allows(&cookie) {
            return;
        }
        // For all hosts below a public suffix, no host may set a cookie; for itself, one may
        // (RFC 6265bis, 5.7, step 9).
        let domain = cookie.domain().unwrap_or_default().to_ascii_lowercase();
        if is_public_suffix(&domain) {
            if url.host_str() != Some(&domain) {
                return;
            }
            cookie.unset_domain();
        }
        // What the store refuses, a browser refuses too: a foreign domain, `Secure` on `http`.
        let _ = self.0.insert_raw(&cookie, &secured(url));
    }
}

/// What a browser stores from no server
/// ([RFC 6265bis, 5.6 and 5.7](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-5.6)).
fn is_refused(line: &str, cookie: &RawCookie<'_>) -> bool {
    let is_secure = cookie.secure().unwrap_or(false);
    let is_none = cookie.same_site().is_some_and(|it| it.is_none());
    let is_of_host = cookie.domain().is_none() && cookie.path() == Some("/");
    let (name, value) = cookie.name_value();
    let starts =
        |prefix: &str| name.get(..prefix.len()).is_some_and(|it| it.eq_ignore_ascii_case(prefix));
    line.contains(|c: char| c.is_ascii_control() && c != '\t')
        || name.chars().count() + value.chars().count() > LONGEST
        || (is_none && !is_secure)
        || (starts("__Secure-") && !is_secure)
        || (starts("__Host-") && !(is_secure && is_of_host))
}

/// `Secure` cookies go to all that is potentially trustworthy, this machine included.
fn secured(url: &Url) -> Url {
    let mut url = url.clone();
    if is_trustworthy(&url) {
        // The store leaves ports out, and every URL of a call has a host.
        let _ = url.set_scheme("https");
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn sent(line: &str, stored: Crossing, crossing: Crossing) -> Option<String> {
        let url = Url::parse("https://api.example.com/").unwrap();
        let mut cookies = Cookies::default();
        cookies.store(line, &url, stored);
        cookies.header(&url, crossing)
    }

    #[test]
    fn only_cookies_without_same_site_cross_sites() {
        use Crossing::{CrossSite, SameSite};
        assert_eq!(sent("a=1", SameSite, SameSite).as_deref(), Some("a=1"));
        assert_eq!(sent("a=1", SameSite, CrossSite), None);
        assert_eq!(sent("a=1", CrossSite, SameSite), None);
        let none = "a=1; SameSite=None; Secure";
        assert_eq!(sent(none, CrossSite, CrossSite).as_deref(), Some("a=1"));
        assert_eq!(sent("a=1; SameSite=None", SameSite, SameSite), None);
    }

    #[test]
    fn what_no_browser_stores() {
        let is_stored = |line: &str| sent(line, Crossing::SameSite, Crossing::SameSite).is_some();
        let long = format!("a={}", "x".repeat(4096));
        for line in [
            "a=1; Domain=evil.example",
            "a=1; Domain=com",
            "a=1; Domain=.COM",
            "__Host-a=1",
            "__Host-a=1; Secure; Path=/; Domain=api.example.com",
            "__HOST-a=1; Path=/",
            "__Secure-a=1",
            "a=1\n2",
            long.as_str(),
        ] {
            assert!(!is_stored(line), "{line}");
        }
        for line in [
            "a=1; Domain=example.com",
            "__Host-a=1; Secure; Path=/",
            "__Secure-a=1; Secure",
            &long[..4097],
        ] {
            assert!(is_stored(line), "{line}");
        }
    }

    #[test]
    fn a_public_suffix_has_cookies_of_its_own() {
        let [shared, below] =
            ["https://github.io/", "https://ada.github.io/"].map(|it| Url::parse(it).unwrap());
        let mut cookies = Cookies::default();
        cookies.store("a=1; Domain=github.io", &shared, Crossing::SameSite);
        assert!(cookies.header(&shared, Crossing::SameSite).is_some());
        assert_eq!(cookies.header(&below, Crossing::SameSite), None);
    }
}
