//! What kind of a request it is ([Fetch, main fetch, 12](https://fetch.spec.whatwg.org/#main-fetch)).

use url::{Origin, Url};

use super::request::{Mode, Redirect};

/// How much of a response a page may see
/// ([Fetch, response tainting](https://fetch.spec.whatwg.org/#concept-request-response-tainting)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tainting {
    Basic,
    Cors,
    Opaque,
}

/// Why nothing is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// `mode: "same-origin"` to another origin.
    SameOrigin,
    /// `mode: "no-cors"` to another origin with another `redirect` than `"follow"`.
    Redirect,
    Scheme,
}

/// The next state of a request that is about to be sent to `url`.
pub(super) fn classify(
    origin: &Origin,
    url: &Url,
    tainting: Tainting,
    mode: Mode,
    redirect: Redirect,
) -> Result<Tainting, Refusal> {
    let is_http = matches!(url.scheme(), "http" | "https");
    if url.origin() == *origin && tainting == Tainting::Basic {
        // A `blob:` URL has the origin of the page that made it.
        return if is_http { Ok(Tainting::Basic) } else { Err(Refusal::Scheme) };
    }
    match mode {
        Mode::SameOrigin => Err(Refusal::SameOrigin),
        Mode::NoCors if redirect != Redirect::Follow => Err(Refusal::Redirect),
        _ if !is_http => Err(Refusal::Scheme),
        Mode::NoCors => Ok(Tainting::Opaque),
        Mode::Cors => Ok(Tainting::Cors),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_back_home_does_not_make_it_basic() {
        let home = Url::parse("https://app.example.com").unwrap();
        let kind =
            |tainting, mode| classify(&home.origin(), &home, tainting, mode, Redirect::Follow);
        assert_eq!(kind(Tainting::Basic, Mode::Cors), Ok(Tainting::Basic));
        assert_eq!(kind(Tainting::Cors, Mode::Cors), Ok(Tainting::Cors));
        assert_eq!(kind(Tainting::Opaque, Mode::NoCors), Ok(Tainting::Opaque));
    }

    #[test]
    fn refusals() {
        let home = Url::parse("https://app.example.com").unwrap().origin();
        let away = Url::parse("https://api.example.com").unwrap();
        let kind = |url, mode, redirect| classify(&home, url, Tainting::Basic, mode, redirect);
        assert_eq!(kind(&away, Mode::SameOrigin, Redirect::Follow), Err(Refusal::SameOrigin));
        assert_eq!(kind(&away, Mode::NoCors, Redirect::Manual), Err(Refusal::Redirect));
        let file = Url::parse("ftp://a.example/").unwrap();
        assert_eq!(kind(&file, Mode::Cors, Redirect::Follow), Err(Refusal::Scheme));
        let own = Url::parse("blob:https://app.example.com/17").unwrap();
        assert_eq!(kind(&own, Mode::Cors, Redirect::Follow), Err(Refusal::Scheme));
    }
}
