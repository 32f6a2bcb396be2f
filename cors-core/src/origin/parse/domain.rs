//! Names as hosts: those of the DNS, and what a scheme of its own has in their place.

use super::a_label;
use super::findings::{Certainty, Findings};
use super::part::{Part, is_blank};
use super::punycode;
use super::tuple::without_root;
use crate::declaration::rule::Rule;
use crate::origin::suffix::registrable_domain;

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
/// Browsers let some more through (`!`, `$`, `&`, ...), but no such host can be registered.
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
    // Below a registered name its owner hands names out, and a DNS wildcard hands out all.
    let registered = registered_from(host.text);
    let hyphen = host.labels().filter(|it| it.start >= host.start + registered).find_map(hyphen);
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

/// Where the part of a host begins that a registry hands out; behind it, where none does.
fn registered_from(host: &str) -> usize {
    let host = host.to_ascii_lowercase();
    if host.rsplit('.').next() == Some("localhost") {
        return host.len();
    }
    registrable_domain(&host).map_or(0, |registered| host.len() - registered.len())
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
