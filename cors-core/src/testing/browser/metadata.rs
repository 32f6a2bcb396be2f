//! Where a request comes from, in `Sec-Fetch-*` and `Referer`
//! ([Fetch Metadata](https://w3c.github.io/webappsec-fetch-metadata/)).

use url::{Origin, Url};

use super::headers::Headers;
use super::request::Mode;
use super::site::{is_same_site, is_trustworthy};

/// Appends `Sec-Fetch-*` to a request whose URLs so far are `urls`. Browsers send them to URLs
/// that are potentially trustworthy.
pub(super) fn append(
    headers: &mut Headers,
    origin: &Origin,
    urls: &[Url],
    mode: Mode,
    has_foreign_cookies: bool,
) {
    if !urls.last().is_some_and(is_trustworthy) {
        return;
    }
    headers.append("sec-fetch-site", site(origin, urls));
    // Cookies of other sites are allowed: [Storage Access Headers](https://privacycg.github.io/storage-access-headers/).
    if has_foreign_cookies {
        headers.append("sec-fetch-storage-access", "active");
    }
    headers.append(
        "sec-fetch-mode",
        match mode {
            Mode::Cors => "cors",
            Mode::NoCors => "no-cors",
            Mode::SameOrigin => "same-origin",
        },
    );
    headers.append("sec-fetch-dest", "empty");
}

/// The farthest place on the way
/// ([Fetch Metadata, 2.3](https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-site-header)).
fn site(origin: &Origin, urls: &[Url]) -> &'static str {
    let mut site = "same-origin";
    for url in urls {
        let target = url.origin();
        if target == *origin {
            continue;
        }
        if !is_same_site(origin, &target) {
            return "cross-site";
        }
        site = "same-site";
    }
    site
}

/// The `Referer` of a page under the policy that pages have by default
/// ([Referrer Policy, 3.7](https://w3c.github.io/webappsec-referrer-policy/#referrer-policy-strict-origin-when-cross-origin)).
pub(super) fn referrer(mut page: Url, url: &Url) -> Option<Url> {
    if !matches!(page.scheme(), "http" | "https") {
        return None;
    }
    page.set_fragment(None);
    // Neither fails: a URL with a host may have a user.
    let _ = (page.set_username(""), page.set_password(None));
    if page.origin() != url.origin() {
        page.set_path("/");
        page.set_query(None);
    }
    let is_downgrade = is_trustworthy(&page) && !is_trustworthy(url);
    (!is_downgrade).then_some(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn the_farthest_place_counts() {
        let app = url("https://app.example.com").origin();
        let [home, api, far] =
            ["https://app.example.com", "https://api.example.com", "https://x.test"].map(url);
        assert_eq!(site(&app, std::slice::from_ref(&home)), "same-origin");
        assert_eq!(site(&app, &[home.clone(), api.clone()]), "same-site");
        assert_eq!(site(&app, &[far, home]), "cross-site");
        assert_eq!(site(&Origin::new_opaque(), &[api]), "cross-site");
    }

    #[test]
    fn referers() {
        let page = url("https://app.example.com/shop?x#y");
        let referer = |to| referrer(page.clone(), &url(to)).map(String::from);
        assert_eq!(
            referer("https://app.example.com/").as_deref(),
            Some("https://app.example.com/shop?x")
        );
        assert_eq!(
            referer("https://api.example.com/").as_deref(),
            Some("https://app.example.com/")
        );
        assert_eq!(referer("http://api.example.com/"), None);
        let api = url("https://api.example.com/");
        let of_user = referrer(url("https://ada:17@app.example.com/shop"), &api);
        assert_eq!(of_user, Some(url("https://app.example.com/")));
        assert_eq!(referrer(url("blob:https://app.example.com/17"), &api), None);
    }
}
