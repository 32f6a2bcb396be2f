//! The host of an origin.

use super::a_label;
use super::address::{canonical_ipv4, canonical_ipv6, ends_in_number};
use super::parse::{Certainty, Findings, is_blank};
use super::part::Part;
use super::punycode;
use super::scheme::Scheme;
use super::tuple::without_root;
use super::wildcard;
use crate::declaration::rule::Rule;

/// The longest host and the longest label of one that the DNS can carry.
///
/// <https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4>
const HOST_MAX: usize = 253;
const LABEL_MAX: usize = 63;

/// A host in its canonical form.
#[derive(Debug)]
pub(crate) struct Host {
    /// Without the `*.` of a wildcard.
    pub(crate) name: String,
    pub(crate) subdomains: bool,
}

impl Host {
    pub(crate) const fn exact(name: String) -> Self {
        Self { name, subdomains: false }
    }
}

/// Cuts an authority into a host and what follows it: nothing, or a colon and more.
///
/// The host is `None` where brackets don't fit together; that is reported here.
pub(crate) fn split<'a>(
    authority: Part<'a>,
    findings: &mut Findings,
) -> (Option<Part<'a>>, Part<'a>) {
    let nothing = authority.split_at(usize::MAX).1;
    let bare = authority.strip_prefix("*.").unwrap_or(authority);
    if bare.text.starts_with('[')
        && let Some(close) = authority.text.find(']')
    {
        let (host, after) = authority.split_at(close + 1);
        if after.is_empty() || after.text.starts_with(':') {
            return (Some(host), after);
        }
        findings.add(Rule::OriginIpv6, after.range(), "has something between `]` and the port");
        return (None, nothing);
    }
    if authority.text.contains(['[', ']']) {
        findings.add(Rule::OriginIpv6, authority.range(), "has a bracket without its other half");
        return (None, nothing);
    }
    if authority.text.matches(':').count() > 1
        && authority.text.chars().all(|c| c.is_ascii_hexdigit() || c == ':' || c == '.')
    {
        findings.add(Rule::OriginIpv6, authority.range(), "has an IPv6 address without brackets");
        let address = canonical_ipv6(authority.text).unwrap_or_else(|| "::1".to_owned());
        findings.help(format!("write the address in brackets: `[{address}]`"));
        return (None, nothing);
    }
    let (host, after) = authority.split_before(&[':']);
    (Some(host), after)
}

/// Reads a host: a domain, an address, or a domain behind `*.`.
pub(crate) fn read(host: Part<'_>, scheme: &Scheme, findings: &mut Findings) -> Option<Host> {
    if host.is_empty() {
        findings.add(Rule::OriginHostMissing, host.range(), "has no host");
        return None;
    }
    if host.text.contains('*') && !scheme.is_web() {
        let says = format!("has a wildcard behind the scheme `{}`", scheme.for_example());
        findings.add(Rule::WildcardScheme, host.range(), says);
        return None;
    }
    let base = host.strip_prefix("*.").filter(|base| !base.is_empty()).unwrap_or(host);
    let subdomains = base.start != host.start;
    if let Some(inner) = base.text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        on_address(host, base, subdomains, findings);
        return ipv6(base, inner, findings);
    }
    if base.text.contains('*') {
        return wildcard::misplaced(host, scheme, findings);
    }
    if scheme.is_web() && ends_in_number(base.text) {
        on_address(host, base, subdomains, findings);
        return ipv4(base, findings);
    }
    let name = domain(base, scheme.is_web(), findings)?;
    Some(Host { name, subdomains })
}

/// An address has no subdomains.
fn on_address(host: Part<'_>, base: Part<'_>, subdomains: bool, findings: &mut Findings) {
    if subdomains {
        let says = "has a wildcard in front of an address";
        findings.add(Rule::WildcardOnAddress, host.start..base.start, says);
    }
}

fn ipv6(host: Part<'_>, inner: &str, findings: &mut Findings) -> Option<Host> {
    let Some(canonical) = canonical_ipv6(inner) else {
        findings.add(Rule::OriginIpv6, host.range(), "has brackets around what is no IPv6 address");
        return None;
    };
    if canonical != inner {
        let says = format!("has an IPv6 address that browsers write `[{canonical}]`");
        findings.add(Rule::OriginIpv6, host.range(), says);
    }
    Some(Host::exact(format!("[{canonical}]")))
}

fn ipv4(host: Part<'_>, findings: &mut Findings) -> Option<Host> {
    let Some(canonical) = canonical_ipv4(host.text) else {
        let says = "has a host that ends in a number and is no IPv4 address";
        findings.add(Rule::OriginIpv4, host.range(), says);
        return None;
    };
    if canonical != host.text {
        let says = format!("has an IPv4 address that browsers write `{canonical}`");
        findings.add(Rule::OriginIpv4, host.range(), says);
    }
    Some(Host::exact(canonical))
}

/// Reads a domain, or, behind a scheme of its own, a host that only has to be printable.
pub(crate) fn domain(host: Part<'_>, is_web: bool, findings: &mut Findings) -> Option<String> {
    let mut name = ascii_form(host, is_web, findings);
    if let Some(range) = host.first_run(|c| c.is_ascii_uppercase()) {
        findings.add(Rule::OriginHostCase, range, "has upper-case letters in its host");
    }
    if let Some(range) = host.first_run(is_stray) {
        let stray = host.text.chars().find(|&c| is_stray(c)).unwrap_or_default();
        findings.add(Rule::OriginHostCharacter, range, format!("has `{stray}` in its host"));
        if stray == '%' {
            findings.help("write the host without escapes");
        }
        name = None;
    }
    if host.text.contains(is_blank) {
        name = None;
    }
    if is_web && !labels(host, findings) {
        name = None;
    }
    let name = name?;
    let length = if is_web { without_root(&name).len() } else { name.len() };
    if length > HOST_MAX {
        let says = format!("has a host of {length} octets, and the limit is {HOST_MAX}");
        findings.add(Rule::OriginHostLong, host.range(), says);
        return None;
    }
    Some(name)
}

/// Whether a character is one that the DNS name of a host can't have.
///
/// Browsers let some more through (`!`, `$`, `&`, ...), but nobody can register such a host.
fn is_stray(c: char) -> bool {
    c.is_ascii() && !is_blank(c) && !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.')
}

/// The host in lower case, its Unicode labels encoded; the latter is reported.
fn ascii_form(host: Part<'_>, is_web: bool, findings: &mut Findings) -> Option<String> {
    if host.text.is_ascii() {
        return Some(host.text.to_ascii_lowercase());
    }
    findings.add(Rule::OriginHostUnicode, host.range(), "has a host in Unicode");
    if host.text.chars().nth(HOST_MAX + 1).is_some() {
        let says = format!("has a host of more than {HOST_MAX} characters, which is the limit");
        findings.add(Rule::OriginHostLong, host.range(), says);
        return None;
    }
    if let Some(long) = host.labels().find(|label| is_surely_long(label.text)) {
        // Encoding takes the square of a length, so that of no label that is refused anyway.
        if !is_web {
            let says = format!("has a label in Unicode that takes more than {LABEL_MAX} octets");
            findings.add(Rule::OriginLabelLong, long.range(), says);
        }
        return None;
    }
    findings.guessed(Certainty::Unicode);
    let mut labels = Vec::new();
    for label in host.labels() {
        match punycode::probable_label(label.text) {
            Ok(label) => labels.push(label),
            Err(character) => {
                findings.help(format!(
                    "copy the `xn--` form from the address bar of a browser; \
                     it can't be told here what browsers make of `{}`",
                    character.escape_debug()
                ));
                return None;
            }
        }
    }
    Some(labels.join("."))
}

/// Whether all labels are what a DNS name may have; what is not is reported once.
fn labels(host: Part<'_>, findings: &mut Findings) -> bool {
    let host = host.split_at(without_root(host.text).len()).0;
    let empty = host.labels().find(|label| label.is_empty());
    if let Some(label) = empty {
        let range = label.start.saturating_sub(1).max(host.start)
            ..(label.start + 1).min(host.range().end).max(host.start);
        findings.add(Rule::OriginLabelEmpty, range, "has an empty label in its host");
    }
    let long = host.labels().find_map(|label| Some((label, length_of_long(label.text)?)));
    if let Some((label, length)) = &long {
        let says = format!("has a label of {length}, and the limit is {LABEL_MAX}");
        findings.add(Rule::OriginLabelLong, label.range(), says);
    }
    let hyphen = host.labels().find_map(hyphen);
    if let Some(hyphen) = hyphen {
        let says = "has a label that starts or ends with a hyphen";
        findings.add(Rule::OriginLabelHyphen, hyphen.range(), says);
    }
    let undecodable = host.labels().find(|label| !a_label::is_sound(label.text));
    if let Some(label) = undecodable {
        let says = format!("has the label `{}`, which encodes no name", label.text);
        findings.add(Rule::OriginLabelPunycode, label.range(), says);
    }
    empty.is_none() && long.is_none() && hyphen.is_none() && undecodable.is_none()
}

/// How long a label is that is longer than the limit.
fn length_of_long(label: &str) -> Option<String> {
    if is_surely_long(label) {
        return Some(format!("{} characters, some in Unicode", label.chars().count()));
    }
    let encoded = punycode::probable_label(label).map_or(label.len(), |label| label.len());
    (encoded > LABEL_MAX).then(|| format!("{encoded} octets"))
}

/// Whether a label outside ASCII is too long however it is encoded: each of its characters takes
/// an octet at least, beside the `xn--`.
fn is_surely_long(label: &str) -> bool {
    !label.is_ascii() && label.chars().nth(LABEL_MAX - "xn--".len()).is_some()
}

/// The hyphen at the start, or else at the end, of a label.
fn hyphen(label: Part<'_>) -> Option<Part<'_>> {
    if label.text.starts_with('-') {
        return Some(label.split_at(1).0);
    }
    let before = label.text.strip_suffix('-')?;
    Some(label.split_at(before.len()).1)
}
