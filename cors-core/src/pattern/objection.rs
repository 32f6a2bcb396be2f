//! What can be wrong with a pattern, or with the declaration of a site.

use std::{fmt, net::IpAddr, ops::Range};

use super::sites::LOCALHOST;
use crate::declaration::spec::Danger;
use crate::origin::suffix::{DATE, is_public_suffix, registrable_domain};

/// One reason why a pattern is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// Which rule is broken.
    pub kind: ObjectionKind,
    /// The bytes of the pattern that it is about, if it is about some more than about others.
    pub range: Option<Range<usize>>,
    /// An origin that the pattern admits and should not, or for [`ObjectionKind::NeverMatches`] the
    /// string that it waits for in vain.
    pub witness: Option<String>,
    /// Why this is refused, in one line.
    pub because: String,
    /// The sites that a declaration would have to name; none if that would not help.
    pub declare: Vec<String>,
    /// The danger that a policy has to name for this to be allowed, if one covers it.
    pub danger: Option<Danger>,
    /// What to write instead.
    pub fix: String,
}

impl Objection {
    pub(super) fn new(kind: ObjectionKind, because: impl Into<String>) -> Self {
        Self {
            kind,
            range: None,
            witness: None,
            because: because.into(),
            declare: Vec::new(),
            danger: None,
            fix: String::new(),
        }
    }

    pub(super) fn with_witness(mut self, witness: Option<String>) -> Self {
        self.witness = witness;
        self
    }

    pub(super) fn covered_by(mut self, danger: Option<Danger>) -> Self {
        self.danger = danger;
        self
    }

    pub(super) fn with_fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = fix.into();
        self
    }
}

impl fmt::Display for Objection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.because)?;
        if let Some(witness) = &self.witness {
            let label = match self.kind {
                ObjectionKind::NeverMatches => "expects",
                _ => "admits",
            };
            write!(f, "; {label} `{witness}`")?;
        }
        if !self.fix.is_empty() {
            write!(f, "; {}", self.fix)?;
        }
        Ok(())
    }
}

/// The rules that a pattern can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ObjectionKind {
    /// It is no regular expression that can be judged.
    Syntax,
    /// It may match in the middle of an origin.
    Unanchored,
    /// No browser sends an origin that it matches.
    NeverMatches,
    /// It reaches hosts of owners without end.
    OpenSites,
    /// It reaches several sites, and not all of them are declared.
    UndeclaredSites,
    /// It reaches a host that is a public suffix.
    BareSuffix,
    /// It reaches a host without a dot other than `localhost`.
    DotlessHost,
    /// It reaches `null`, which any sandboxed document can send.
    NullOrigin,
    /// It reaches `file://`, which every file on a device can be.
    LocalFiles,
    /// It reaches more addresses than a few explicit ones.
    Address,
    /// It reaches origins of other schemes that are not spelled out.
    CustomScheme,
    /// It lets a network attacker use credentials.
    Insecure,
    /// It takes too many states to decide.
    TooComplex,
    /// A declared site is not a registrable domain.
    Site,
}

/// What is wrong with an entry of `sites`, which must be a registrable domain or `localhost`.
///
/// ```
/// use cors_core::__private::pattern::site_objection;
///
/// assert!(site_objection("example.co.uk").is_none());
/// assert!(site_objection("co.uk").is_some());
/// let objection = site_objection("www.example.com").unwrap();
/// assert_eq!(objection.fix, "write `example.com`");
/// ```
#[must_use]
pub fn site_objection(site: &str) -> Option<Objection> {
    let (because, fix) = site_problem(site)?;
    Some(Objection::new(ObjectionKind::Site, because).with_fix(fix))
}

fn site_problem(site: &str) -> Option<(String, String)> {
    if site == LOCALHOST {
        return None;
    }
    let bare = bare_host(site);
    let lower = bare.to_ascii_lowercase();
    // Whatever is wrong with the spelling, the fix is right in every other respect too.
    let fix = if lower.parse::<IpAddr>().is_err() && is_name(&lower) {
        registrable_domain(&lower).map(|site| format!("write `{site}`"))
    } else {
        None
    };
    let or = |otherwise: &str| fix.clone().unwrap_or_else(|| otherwise.to_owned());
    let problem = if site.is_empty() {
        ("a site must not be empty".into(), or("write a registrable domain such as `example.com`"))
    } else if !site.is_ascii() {
        (
            format!("`{site}` is not ASCII, but browsers send hosts in their `xn--` form"),
            "write the `xn--` form of the name".into(),
        )
    } else if bare.parse::<IpAddr>().is_ok() {
        (
            format!("`{site}` is an address, and a site must be a registrable domain"),
            "leave it out; a pattern may reach a few explicit addresses without it".into(),
        )
    } else if bare != site {
        (
            format!("`{site}` is more than a name, and a site is a registrable domain only"),
            or("write the registrable domain alone, such as `example.com`"),
        )
    } else if lower != site {
        (
            format!("`{site}` has upper-case letters, but browsers send hosts in lower case"),
            or("write it in lower case"),
        )
    } else if !is_name(site) {
        (
            format!("`{site}` is not a domain name"),
            or("write a registrable domain such as `example.com`"),
        )
    } else if is_public_suffix(site) && !site.contains('.') {
        (
            format!("`{site}` has no dot, so it is no registrable domain"),
            format!("write a domain below it, such as `example.{site}`"),
        )
    } else if is_public_suffix(site) {
        (
            format!("`{site}` is a public suffix (list of {DATE}): anyone can get a name below it"),
            format!("declare your own name below it, such as `example.{site}`"),
        )
    } else {
        match registrable_domain(site) {
            Some(owner) if owner == site => return None,
            Some(owner) => (
                format!("`{site}` is a subdomain, and the site that it belongs to is `{owner}`"),
                format!("write `{owner}`"),
            ),
            None => (
                format!("`{site}` is not a domain name"),
                or("write a registrable domain such as `example.com`"),
            ),
        }
    };
    Some(problem)
}

/// Takes away what people write around a name: scheme, user, port, path, `*.`, dots.
fn bare_host(site: &str) -> &str {
    let rest = site.trim();
    let rest = rest.split_once("://").map_or(rest, |(_, rest)| rest);
    let rest = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let rest = rest.rsplit('@').next().unwrap_or(rest);
    let rest = rest.strip_prefix("*.").unwrap_or(rest);
    if let Some(inside) = rest.strip_prefix('[') {
        return inside.split(']').next().unwrap_or(inside);
    }
    let rest = match rest.split_once(':') {
        Some((host, port)) if !port.contains(':') => host,
        _ => rest,
    };
    rest.trim_matches('.')
}

/// Whether DNS could have this name. An underscore never occurs in a registrable domain.
fn is_name(name: &str) -> bool {
    let number = |label: &str| label.bytes().all(|byte| byte.is_ascii_digit());
    name.len() <= 253
        && !name.rsplit('.').next().is_some_and(number)
        && name.split('.').all(|label| {
            let plain =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            (1..=63).contains(&label.len())
                && label.bytes().all(plain)
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

#[cfg(test)]
mod tests {
    use super::site_objection;

    #[track_caller]
    fn case(site: &str, fix: &str) {
        let found = site_objection(site).map(|objection| objection.fix);
        assert_eq!(found.unwrap_or_default(), fix, "{site}");
    }

    #[test]
    fn sites() {
        case("example.com", "");
        case("example.co.uk", "");
        case("alice.github.io", "");
        case("localhost", "");
        case("xn--rsum-bpad.com", "");
        case("www.example.com", "write `example.com`");
        case("Example.com", "write `example.com`");
        case("https://www.Example.com:443/x", "write `example.com`");
        case("*.example.com", "write `example.com`");
        case(".example.com", "write `example.com`");
        case("example.com.", "write `example.com`");
        case("co.uk", "declare your own name below it, such as `example.co.uk`");
        case("github.io", "declare your own name below it, such as `example.github.io`");
        case("com", "write a domain below it, such as `example.com`");
        case("", "write a registrable domain such as `example.com`");
        case("exa_mple.com", "write a registrable domain such as `example.com`");
        case("a..com", "write a registrable domain such as `example.com`");
        case("résumé.com", "write the `xn--` form of the name");
        let address = "leave it out; a pattern may reach a few explicit addresses without it";
        case("127.0.0.1", address);
        case("[::1]", address);
    }
}
