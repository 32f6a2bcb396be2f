//! `https://*.example.com` and `https://example.com:*`.

use std::borrow::Cow;
use std::fmt;

use super::serialised::Serialised;

/// The ports that a wildcard origin stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Port {
    /// The default port of the scheme, which a serialised origin leaves out.
    Default,
    /// One port other than the default.
    Number(u16),
    /// Every port, the default one among them.
    Any,
}

/// An origin with a wildcard for its subdomains, its port, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wildcard {
    /// The scheme, without `://`.
    pub scheme: Cow<'static, str>,
    /// The host, without the `*.` in front of it.
    pub host: Cow<'static, str>,
    /// Whether one or more labels must stand in front of the host.
    pub subdomains: bool,
    /// The ports it stands for.
    pub port: Port,
}

impl Wildcard {
    /// Whether a serialised origin is one of those that it stands for.
    #[cfg(any(test, feature = "lock"))]
    pub(crate) fn matches(&self, origin: &[u8]) -> bool {
        Serialised::read(origin).is_some_and(|origin| self.stands_for(&origin))
    }

    /// Whether an origin is one of those that it stands for.
    pub(crate) fn stands_for(&self, origin: &Serialised<'_>) -> bool {
        if self.scheme.as_bytes() != origin.scheme || !origin.ports().any(|it| it == self.port) {
            return false;
        }
        if !self.subdomains {
            return origin.host == self.host.as_bytes();
        }
        let front = origin.host.strip_suffix(self.host.as_bytes());
        front
            .and_then(|front| front.strip_suffix(b"."))
            .is_some_and(|front| origin.starts_with_labels(front.len()))
    }
}

impl fmt::Display for Wildcard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subdomains = if self.subdomains { "*." } else { "" };
        write!(f, "{}://{subdomains}{}", self.scheme, self.host)?;
        match self.port {
            Port::Default => Ok(()),
            Port::Number(number) => write!(f, ":{number}"),
            Port::Any => f.write_str(":*"),
        }
    }
}

/// The port that a serialised origin of this scheme leaves out.
pub(crate) fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

/// Cuts `host[:port]` into a host and the digits of a port.
pub(crate) fn cut_port(rest: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    // The host may be an IPv6 address, so only digits behind the last colon are a port.
    let split = rest.iter().rposition(|byte| !byte.is_ascii_digit())?;
    Some(match rest.split_at_checked(split) {
        Some((host, [b':', digits @ ..])) if !digits.is_empty() => (host, Some(digits)),
        _ => (rest, None),
    })
}

/// Reads a port the way browsers write one: no leading zero, no more than 65535.
pub(crate) fn read_port(digits: &[u8]) -> Option<u16> {
    if digits.first() == Some(&b'0') {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// Whether `text` is one or more DNS labels, underscores included.
pub(crate) fn are_labels(text: &[u8]) -> bool {
    !text.is_empty() && whole_labels(text) == text.len()
}

/// How many bytes of a text are whole labels, from its start.
pub(crate) fn whole_labels(text: &[u8]) -> usize {
    let (mut end, mut start) = (0, 0);
    for (at, byte) in text.iter().enumerate() {
        if LABEL_BYTES[usize::from(*byte)] {
            continue;
        }
        if *byte != b'.' || at == start || at - start > usize::from(LONGEST_LABEL) {
            return end;
        }
        (end, start) = (at, at + 1);
    }
    let rest = text.len() - start;
    if rest == 0 || rest > usize::from(LONGEST_LABEL) { end } else { text.len() }
}

/// The longest label that DNS knows, in bytes.
pub(crate) const LONGEST_LABEL: u8 = 63;

/// [`is_label_byte`] of every byte: to look it up costs less than to compare.
static LABEL_BYTES: [bool; 256] = {
    let mut bytes = [false; 256];
    let mut byte = 0;
    while byte < u8::MAX {
        bytes[byte as usize] = is_label_byte(byte);
        byte += 1;
    }
    bytes
};

pub(crate) const fn is_label_byte(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::origin::wildcards::Wildcards;

    fn wildcard(scheme: &str, host: &str, subdomains: bool, port: Port) -> Wildcard {
        let (scheme, host) = (scheme.to_owned().into(), host.to_owned().into());
        Wildcard { scheme, host, subdomains, port }
    }

    #[track_caller]
    fn case(wildcard: &Wildcard, allowed: &[&str], refused: &[&str]) {
        for origin in allowed {
            assert!(wildcard.matches(origin.as_bytes()), "{origin} should match");
        }
        for origin in refused {
            assert!(!wildcard.matches(origin.as_bytes()), "{origin} should not match");
        }
    }

    #[test]
    fn subdomains_are_whole_labels() {
        case(
            &wildcard("https", "example.com", true, Port::Default),
            &["https://a.example.com", "https://a_b.c-d.example.com"],
            &[
                "https://example.com",
                "https://.example.com",
                "https://a..example.com",
                "https://evil-example.com",
                "https://a.example.com.evil.com",
                "https://evil.com/.example.com",
                "https://a!b.example.com",
                "http://a.example.com",
                "https://a.example.com:8443",
                "https://a.example.com:",
                "https://A.example.com",
            ],
        );
    }

    /// Of labels and of the whole host, in the way that compares a few and in the table of many.
    #[test]
    fn lengths_are_those_of_the_dns() {
        let label = "a".repeat(63);
        let host = |first: usize| format!("{}.{label}.{label}.{label}", "b".repeat(first));
        let behind = wildcard("https", &label, true, Port::Default);
        let longest = format!("https://{}", host(61));
        case(
            &behind,
            &[&format!("https://{label}.{label}"), &longest],
            &[
                &format!("https://a{label}.{label}"),
                &format!("https://a{label}.a.{label}"),
                &format!("https://{}", host(62)),
            ],
        );
        let others = (0..20).map(|n| wildcard("https", &format!("t{n}.com"), true, Port::Any));
        let many = Wildcards::new(others.chain([behind]).collect());
        assert!(many.matches(longest.as_bytes()));
        assert!(!many.matches(format!("https://{}", host(62)).as_bytes()));
    }

    #[test]
    fn any_port_is_a_port_a_browser_would_write() {
        case(
            &wildcard("https", "example.com", false, Port::Any),
            &["https://example.com", "https://example.com:1", "https://example.com:65535"],
            &[
                "https://example.com:",
                "https://example.com:0",
                "https://example.com:443",
                "https://example.com:0443",
                "https://example.com:65536",
                "https://example.com:8a",
                "https://a.example.com:8443",
            ],
        );
        case(
            &wildcard("http", "[::1]", false, Port::Any),
            &["http://[::1]", "http://[::1]:3000"],
            &["http://[::1]:80", "http://[::1]3000", "http://::1"],
        );
        case(
            &wildcard("https", "example.com", true, Port::Number(8443)),
            &["https://a.example.com:8443"],
            &["https://a.example.com", "https://a.example.com:8444"],
        );
    }
}
