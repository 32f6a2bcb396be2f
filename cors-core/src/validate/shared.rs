//! Hosts below which names belong to others than the one who runs the host.

use crate::origin::parse::tuple::{Tuple, without_root};
use crate::origin::suffix::{self, Node};

/// A public suffix whose subdomains a wildcard stands for.
#[derive(Debug, Clone)]
pub(crate) struct Suffix {
    pub(crate) name: String,
    /// Whether the list knows it; a single label that it does not know is a suffix too, of a
    /// network with host names of its own.
    pub(crate) is_listed: bool,
}

/// A public suffix whose subdomains a wildcard allows.
pub(crate) fn suffix_within(origin: &Tuple) -> Option<Suffix> {
    let host = without_root(&origin.host);
    if !origin.subdomains || host == "localhost" || host.ends_with(".localhost") {
        return None;
    }
    if suffix::is_public_suffix(host) {
        return Some(Suffix { name: host.to_owned(), is_listed: is_listed(host) });
    }
    let node = host.rsplit('.').try_fold(Node::root(), Node::step)?;
    suffix_below(node, host).map(|name| Suffix { name, is_listed: true })
}

/// Whether a public suffix is one of the list, below which anyone can have a name.
pub(crate) fn is_listed(suffix: &str) -> bool {
    suffix.contains('.') || Node::root().step(suffix).is_some()
}

/// The shortest public suffix below a name, which is the easiest to recognise.
fn suffix_below(node: Node, name: &str) -> Option<String> {
    let any = node.has_wildcard().then(|| format!("a.{name}"));
    let below = node.children().filter_map(|(label, child)| {
        let name = format!("{label}.{name}");
        if child.is_rule() { Some(name) } else { suffix_below(child, &name) }
    });
    any.into_iter().chain(below).min_by_key(String::len)
}
