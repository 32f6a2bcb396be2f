//! The cookies of a browser, and which of them a call carries.

use cookie_store::{CookieStore, RawCookie};
use url::Url;

use super::site::is_trustworthy;

/// The cookies of all servers.
#[derive(Debug, Default)]
pub(super) struct Cookies(CookieStore);

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

    /// Stores what a `Set-Cookie` header says, if a browser would.
    pub(super) fn store(&mut self, line: &str, url: &Url, crossing: Crossing) {
        let Ok(cookie) = RawCookie::parse(line.to_owned()) else { return };
        let is_none = cookie.same_site().is_some_and(|it| it.is_none());
        let is_refused = is_none && !cookie.secure().unwrap_or(false);
        if !is_refused && crossing.allows(&cookie) {
            // What the store refuses, a browser refuses too: a foreign domain, `Secure` on `http`.
            let _ = self.0.insert_raw(&cookie, &secured(url));
        }
    }
}

/// `Secure` cookies go to every place that nobody on the way can read, this machine included.
fn secured(url: &Url) -> Url {
    let mut url = url.clone();
    if is_trustworthy(&url) {
        // The store knows of no port, and every URL of a call has a host.
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
    fn a_foreign_domain_is_refused() {
        assert_eq!(sent("a=1; Domain=evil.example", Crossing::SameSite, Crossing::SameSite), None);
    }
}
