//! Origins as browsers write them.

use std::fmt;

pub(crate) use crate::origin::wildcard::Port;
use crate::origin::wildcard::Wildcard;

/// A scheme, a host and a port, each in the form that a browser sends.
///
/// Displays as the literal to write, with its wildcards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tuple {
    pub(crate) scheme: String,
    /// Without the `*.` of a wildcard.
    pub(crate) host: String,
    pub(crate) subdomains: bool,
    pub(crate) port: Port,
}

impl Tuple {
    /// Whether what travels to this origin can be changed on the way.
    ///
    /// Requests to the own machine can't, whatever their scheme:
    /// <https://www.w3.org/TR/secure-contexts/#is-origin-trustworthy>
    pub(crate) fn is_insecure(&self) -> bool {
        self.scheme == "http" && !is_local(&self.host)
    }
}

impl From<Tuple> for Wildcard {
    fn from(tuple: Tuple) -> Self {
        let Tuple { scheme, host, subdomains, port } = tuple;
        Self { scheme: scheme.into(), host: host.into(), subdomains, port }
    }
}

impl fmt::Display for Tuple {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wildcard = if self.subdomains { "*." } else { "" };
        write!(f, "{}://{wildcard}{}", self.scheme, self.host)?;
        match self.port {
            Port::Default => Ok(()),
            Port::Number(number) => write!(f, ":{number}"),
            Port::Any => f.write_str(":*"),
        }
    }
}

/// A name without the dot that may stand for the root of the DNS at its end: for a browser another
/// host, and for the owner of the name the same.
pub(crate) fn without_root(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

/// Whether a canonical host is the machine that the browser runs on.
pub(crate) fn is_local(host: &str) -> bool {
    let host = without_root(host);
    host == "[::1]"
        || host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}
