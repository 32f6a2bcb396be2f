//! The configured origin that comes nearest to one that was rejected.

use std::fmt;

/// A configured origin, and how a rejected one differs from it.
///
/// # Examples
///
/// ```
/// let policy = cors_core::Policy::builder().origins(["http://localhost:3000"]).build()?;
/// let why = policy.explain("http://localhost:5173", "GET", &[]);
/// assert_eq!(why.nearest().unwrap().origin(), "http://localhost:3000");
/// # Ok::<(), cors_core::Violations>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearest {
    origin: String,
    difference: Difference,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Difference {
    Scheme { policy: String, page: String },
    Port { policy: String, page: String },
    SchemeAndPort,
    Loopback,
    Subdomain,
    Spelling,
}

impl Nearest {
    /// The configured origin.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

impl fmt::Display for Nearest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ", self.origin)?;
        match &self.difference {
            Difference::Scheme { policy, page } => {
                write!(f, "only by the scheme: the policy says `{policy}`, the page is on `{page}`")
            }
            Difference::Port { policy, page } => {
                write!(f, "only by the port: the policy says {policy}, the page is on {page}")
            }
            Difference::SchemeAndPort => f.write_str("by the scheme and the port"),
            Difference::Loopback => f.write_str(
                "by the name of the machine: for a browser, `localhost`, `127.0.0.1` and \
                 `[::1]` are three origins",
            ),
            Difference::Subdomain => f.write_str("by the subdomain"),
            Difference::Spelling => f.write_str("by a letter or two"),
        }
    }
}

/// Scheme, host and port of an origin, whatever is wrong with it.
struct Parts<'a> {
    scheme: &'a str,
    host: &'a str,
    port: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(origin: &'a str) -> Option<Self> {
        let (scheme, rest) = origin.split_once("://")?;
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (rest, None),
        };
        Some(Self { scheme, host, port })
    }

    fn port_in_words(&self) -> String {
        self.port.map_or_else(|| "the default port".to_owned(), |port| format!("port {port}"))
    }
}

/// How many configured origins are compared: a hint is worth no more.
const MOST_COMPARED: usize = 1000;

/// The nearest of the configured origins, if one is near.
pub(super) fn find(origin: &str, configured: impl Iterator<Item = String>) -> Option<Nearest> {
    let page = Parts::of(origin)?;
    configured
        .take(MOST_COMPARED)
        .filter_map(|policy| Some((compare(&page, &Parts::of(&policy)?)?, policy)))
        .min()
        .map(|(difference, origin)| Nearest { origin, difference })
}

fn compare(page: &Parts<'_>, policy: &Parts<'_>) -> Option<Difference> {
    let same_scheme = page.scheme == policy.scheme;
    let same_port = page.port == policy.port || policy.port == Some("*");
    if same_host(page.host, policy.host) {
        return match (same_scheme, same_port) {
            (false, true) => Some(Difference::Scheme {
                policy: policy.scheme.to_owned(),
                page: page.scheme.to_owned(),
            }),
            (true, false) => Some(Difference::Port {
                policy: policy.port_in_words(),
                page: page.port_in_words(),
            }),
            (false, false) => Some(Difference::SchemeAndPort),
            (true, true) => None,
        };
    }
    if !same_scheme || !same_port {
        return None;
    }
    let is_loopback = |host: &str| matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    if is_loopback(page.host) && is_loopback(policy.host) {
        return Some(Difference::Loopback);
    }
    let host = policy.host.strip_prefix("*.").unwrap_or(policy.host);
    let is_below = |host: &str, parent: &str| {
        host.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.'))
    };
    let parent = |host: &str| host.split_once('.').map(|(_, parent)| parent.to_owned());
    let siblings = parent(page.host).is_some_and(|it| it.contains('.') && Some(it) == parent(host));
    if page.host == host || is_below(page.host, host) || is_below(host, page.host) || siblings {
        return Some(Difference::Subdomain);
    }
    is_misspelt(page.host, host).then_some(Difference::Spelling)
}

fn same_host(page: &str, policy: &str) -> bool {
    match policy.strip_prefix("*.") {
        Some(parent) => page.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.')),
        None => page == policy,
    }
}

/// Whether two hosts differ in one place by at most two letters; a full edit distance
/// would cost more than the hint is worth.
fn is_misspelt(left: &str, right: &str) -> bool {
    let front = left.bytes().zip(right.bytes()).take_while(|(a, b)| a == b).count();
    let back = left.bytes().rev().zip(right.bytes().rev()).take_while(|(a, b)| a == b).count();
    let longer = left.len().max(right.len());
    left != right && front > 0 && front + back + 2 >= longer
}
