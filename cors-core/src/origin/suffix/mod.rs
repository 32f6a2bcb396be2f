//! Who owns a host: the public suffix list, looked up in place.
//!
//! `rules.txt` is the list in a form that needs no set-up: one rule a line, labels from the right
//! (`s3.amazonaws.com` is `com amazonaws s3`), lower-case ASCII (`公司.cn` is `cn xn--55qx5d`),
//! sorted by bytes. `*.ck` is written `ck *`, the exception `!www.ck` is written `ck www !`.
//! Line feed, space, `!` and `*` sort below every byte of a label in that order, so all the lines of
//! a name and of what lies below it are neighbours, and in front of them stand, where they exist,
//! the rule of the name itself, the mark of an exception, and the wildcard. The lines at the top
//! that start with `#` sort below all rules.
//!
//! Both sections of the list count, the private one too: names below `github.io` have
//! as many owners as names below `com`.
//!
//! All functions expect hosts as browsers write them: lower case, ASCII, no trailing dot, no
//! address. A program that calls none of them does not carry the list.

#[cfg(test)]
mod tests;

use std::cmp::Ordering;

static RULES: &str = include_str!("rules.txt");

/// The date of the vendored public suffix list, as `YYYY-MM-DD`.
pub const DATE: &str = match std::str::from_utf8(&DATE_BYTES) {
    Ok(date) => date,
    Err(_) => "unknown",
};

/// A copy, so that naming the date does not bring the whole list into a program.
const DATE_BYTES: [u8; 10] = match RULES.as_bytes().split_at(2).1.first_chunk() {
    Some(date) => *date,
    None => *b"0000-00-00",
};

/// Whether anyone may register names directly below this host.
///
/// A single label that the list does not know is a suffix too (the list's default rule).
///
/// ```
/// use cors_core::__private::suffix::is_public_suffix;
///
/// assert!(is_public_suffix("co.uk"));
/// assert!(is_public_suffix("github.io"));
/// assert!(!is_public_suffix("example.com"));
/// ```
#[must_use]
pub fn is_public_suffix(host: &str) -> bool {
    suffix_start(host) == Some(0)
}

/// The part of a host that one owner registered, or `None` where the host is a public suffix.
///
/// ```
/// use cors_core::__private::suffix::registrable_domain;
///
/// assert_eq!(registrable_domain("www.example.co.uk"), Some("example.co.uk"));
/// assert_eq!(registrable_domain("alice.github.io"), Some("alice.github.io"));
/// assert_eq!(registrable_domain("co.uk"), None);
/// ```
#[must_use]
pub fn registrable_domain(host: &str) -> Option<&str> {
    let before_dot = suffix_start(host)?.checked_sub(1)?;
    let start = host.get(..before_dot)?.rfind('.').map_or(0, |dot| dot + 1);
    host.get(start..)
}

/// Whether names below this host belong to other owners than the host itself.
///
/// True for public suffixes, and for hosts such as `amazonaws.com`, which has one owner but
/// suffixes (`s3.amazonaws.com`) among its subdomains.
///
/// ```
/// use cors_core::__private::suffix::has_rules_below;
///
/// assert!(has_rules_below("amazonaws.com"));
/// assert!(!has_rules_below("example.com"));
/// ```
#[must_use]
pub fn has_rules_below(host: &str) -> bool {
    if is_public_suffix(host) {
        return true;
    }
    let node = host.rsplit('.').try_fold(Node::root(), Node::step);
    node.is_some_and(|node| node.has_wildcard() || node.children().next().is_some())
}

/// Where the public suffix of a host starts, or `None` if a label is empty.
fn suffix_start(host: &str) -> Option<usize> {
    if host.split('.').any(str::is_empty) {
        return None;
    }
    let mut node = Some(Node::root());
    let mut start = host.len();
    let mut end = host.len();
    // One turn per label, from the right; `end` is where the labels not yet read end.
    while let Some(parent) = node {
        let label_start = host.get(..end)?.rfind('.').map_or(0, |dot| dot + 1);
        let child = parent.step(host.get(label_start..end)?);
        if child.is_some_and(Node::is_exception) {
            // The suffix is what follows this label, and no longer rule counts any more.
            return Some(end + 1);
        }
        let top = end == host.len();
        if top || parent.has_wildcard() || child.is_some_and(Node::is_rule) {
            start = label_start;
        }
        let Some(before_dot) = label_start.checked_sub(1) else {
            break;
        };
        end = before_dot;
        node = child;
    }
    Some(start)
}

/// A name that occurs in the list, as a rule or on the way to one.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// The lines of this name and of the names below it.
    lines: &'static str,
    /// How many bytes at the start of each line are this name.
    depth: usize,
}

impl Node {
    /// The node above the top-level domains.
    #[must_use]
    pub fn root() -> Self {
        Self { lines: RULES, depth: 0 }
    }

    /// The node of the name one label longer, if the list has rules at it or below it.
    ///
    /// A wildcard is not followed, see [`Node::has_wildcard`].
    #[must_use]
    pub fn step(self, label: &str) -> Option<Self> {
        // Both are legal in the host of a URL, and are marks in the list.
        if label.is_empty() || label == "*" || label == "!" {
            return None;
        }
        let start = self.position(|line| self.compare(line, label).is_lt());
        let end = self.position(|line| self.compare(line, label).is_le());
        let lines = self.lines.get(start..end).filter(|lines| !lines.is_empty())?;
        Some(Self { lines, depth: self.label_start() + label.len() })
    }

    /// Whether the list names exactly this name as a public suffix.
    #[must_use]
    pub fn is_rule(self) -> bool {
        self.own_marks().any(str::is_empty)
    }

    /// Whether this name is an exception from the wildcard beside it: it has an owner.
    #[must_use]
    pub fn is_exception(self) -> bool {
        self.own_marks().any(|mark| mark == " !")
    }

    /// Whether every name one label longer is a public suffix, except exceptions.
    #[must_use]
    pub fn has_wildcard(self) -> bool {
        self.own_marks().any(|mark| mark == " *")
    }

    /// The nodes one label longer, each with its label, in the order of the list.
    pub fn children(self) -> impl Iterator<Item = (&'static str, Self)> {
        let mut rest = self;
        let start = self.label_start();
        std::iter::from_fn(move || {
            loop {
                let line = rest.lines.lines().next()?;
                let label = line.get(start..).and_then(|below| below.split(' ').next());
                if let Some(child) = label.and_then(|label| Some((label, rest.step(label)?)))
                    && !line.starts_with('#')
                {
                    rest.lines = rest.lines.get(child.1.lines.len()..)?;
                    return Some(child);
                }
                rest.lines = rest.lines.get(line.len() + 1..)?;
            }
        })
    }

    /// Where the label below this node starts in a line.
    fn label_start(self) -> usize {
        if self.depth == 0 { 0 } else { self.depth + 1 }
    }

    /// What follows the name in the lines in front, which are those about the name itself.
    fn own_marks(self) -> impl Iterator<Item = &'static str> {
        let first = if self.depth == 0 { "" } else { self.lines };
        first.lines().take(3).filter_map(move |line| line.get(self.depth..))
    }

    /// Compares the label that the line at an offset has below this node with another.
    fn compare(self, line: usize, label: &str) -> Ordering {
        let tail = self.lines.as_bytes().get(line + self.label_start()..);
        let tail = tail.unwrap_or_default();
        let (head, after) = tail.split_at_checked(label.len()).unwrap_or((tail, &[]));
        // What ends a label in the list sorts below every byte that a label can have.
        head.cmp(label.as_bytes()).then_with(|| match after.first() {
            None | Some(b' ' | b'\n') => Ordering::Equal,
            Some(_) => Ordering::Greater,
        })
    }

    /// The offset of the first line that does not come before, found by bisection.
    fn position(self, comes_before: impl Fn(usize) -> bool) -> usize {
        let (mut low, mut high) = (0, self.lines.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let (head, tail) = (self.lines.get(low..middle), self.lines.get(middle..high));
            let start = head.and_then(|head| head.rfind('\n'));
            let start = start.map_or(low, |end| low + end + 1);
            if comes_before(start) {
                let end = tail.and_then(|tail| tail.find('\n'));
                low = end.map_or(high, |end| middle + end + 1);
            } else {
                high = start;
            }
        }
        low
    }
}
