//! Where a redirect leads, and what it makes of a request
//! ([Fetch, HTTP-redirect fetch](https://fetch.spec.whatwg.org/#http-redirect-fetch)).

use std::fmt;

use url::Url;

use super::wire::Incoming;

/// How many redirects a browser follows.
pub(super) const MOST: usize = 20;

/// Why a browser does not follow a redirect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RedirectFailure {
    /// `redirect: "error"`
    Forbidden,
    Location(String),
    /// A scheme for which there is no CORS.
    Scheme(String),
    /// Another that is not `http`.
    Unsafe(String),
    Credentials(String),
    TooMany,
}

/// Whether a status is that of a redirect ([Fetch, redirect status](https://fetch.spec.whatwg.org/#redirect-status)).
pub(super) const fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// Where a response leads to (steps 3 to 5); `None` if it names no place.
pub(super) fn location(response: &Incoming, current: &Url) -> Option<Result<Url, RedirectFailure>> {
    let mut lines = response.headers.get_all("location");
    let line = lines.next()?;
    let parsed = current.join(&escaped(line)).ok().filter(|_| lines.next().is_none());
    Some(match parsed {
        None => Err(RedirectFailure::Location(line.to_owned())),
        Some(mut url) => {
            if url.fragment().is_none() {
                url.set_fragment(current.fragment());
            }
            Ok(url)
        }
    })
}

/// As in Chromium, each byte beyond ASCII is percent-encoded, whatever text the server meant by it.
fn escaped(line: &str) -> String {
    let encode = |c: char| match c {
        '\0'..='\x7f' => c.to_string(),
        _ => format!("%{:02X}", u32::from(c)),
    };
    line.chars().map(encode).collect()
}

/// Whether a redirect turns a request into a `GET` without body (step 12).
pub(super) fn becomes_get(status: u16, method: &str) -> bool {
    match status {
        301 | 302 => method == "POST",
        303 => !matches!(method, "GET" | "HEAD"),
        _ => false,
    }
}

impl fmt::Display for RedirectFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forbidden => f.write_str("the call says `redirect: \"error\"`"),
            Self::Location(value) => write!(f, "`Location: {value}` is no URL"),
            Self::Scheme(url) | Self::Unsafe(url) => {
                write!(f, "it leads to `{url}`, which is not `http` or `https`")
            }
            Self::Credentials(url) => write!(f, "it leads to `{url}`, with a user's name"),
            Self::TooMany => write!(f, "there are more than {MOST} of them"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lead(line: impl AsRef<[u8]>) -> Result<String, RedirectFailure> {
        let current = Url::parse("https://api.example.com/a/b#c").unwrap();
        let response = Incoming::new(302).header("location", line);
        location(&response, &current).unwrap().map(String::from)
    }

    #[test]
    fn locations() {
        assert_eq!(lead("d").unwrap(), "https://api.example.com/a/d#c");
        assert_eq!(lead("//x.example/#y").unwrap(), "https://x.example/#y");
        assert_eq!(lead("/größe").unwrap(), "https://api.example.com/gr%C3%B6%C3%9Fe#c");
        assert_eq!(lead(b"/gr\xf6\xdfe").unwrap(), "https://api.example.com/gr%F6%DFe#c");
        assert!(matches!(lead("http://["), Err(RedirectFailure::Location(_))));
        let current = Url::parse("https://api.example.com/").unwrap();
        assert!(location(&Incoming::new(302), &current).is_none());
    }

    #[test]
    fn methods() {
        assert!(becomes_get(302, "POST") && becomes_get(303, "PUT"));
        assert!(!becomes_get(302, "PUT") && !becomes_get(307, "POST") && !becomes_get(303, "HEAD"));
    }
}
