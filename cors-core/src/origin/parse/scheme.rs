//! The scheme of an origin.

use super::findings::{Certainty, Findings};
use super::part::Part;
use crate::declaration::rule::Rule;

/// Schemes of URLs whose pages, if there are any, have another origin than one of that scheme.
///
/// `about`, `blob`, `data`, `filesystem`, `javascript` and `view-source` show pages that inherit an
/// origin, or that have the origin `null`: <https://html.spec.whatwg.org/#concept-origin>.
/// `ws` and `wss` are schemes of connections, and no browser loads pages by `ftp` any more.
/// `chrome` and its like are pages of the browser itself, which send nothing to servers. The others
/// are safelisted for protocol handlers, which open pages of their own:
/// <https://html.spec.whatwg.org/#safelisted-scheme>.
pub(crate) const WITHOUT_PAGES: &[&str] = &[
    "about",
    "bitcoin",
    "blob",
    "brave",
    "chrome",
    "cid",
    "data",
    "edge",
    "filesystem",
    "ftp",
    "ftps",
    "geo",
    "im",
    "intent",
    "irc",
    "ircs",
    "javascript",
    "magnet",
    "mailto",
    "matrix",
    "mid",
    "mms",
    "news",
    "nntp",
    "openpgp4fpr",
    "opera",
    "sftp",
    "sip",
    "sips",
    "sms",
    "smsto",
    "ssh",
    "tel",
    "urn",
    "view-source",
    "vivaldi",
    "webcal",
    "ws",
    "wss",
    "wtai",
    "xmpp",
];

/// The scheme of a literal.
#[derive(Debug)]
pub(crate) struct Scheme {
    /// In its canonical form; `None` if the literal has none, or none that can be read.
    pub(crate) name: Option<String>,
}

impl Scheme {
    /// Whether hosts of this scheme are domains and addresses; taken for granted where the
    /// scheme isn't known.
    pub(crate) fn is_web(&self) -> bool {
        self.name.as_deref().is_none_or(|name| matches!(name, "http" | "https"))
    }

    /// What an example of an origin should start with.
    pub(crate) fn for_example(&self) -> &str {
        self.name.as_deref().unwrap_or("https")
    }
}

/// Reads the scheme, and returns what comes behind `://`.
///
/// `None` where the scheme is one that makes the rest of the literal irrelevant.
pub(crate) fn read<'a>(literal: Part<'a>, findings: &mut Findings) -> Option<(Scheme, Part<'a>)> {
    let Some((written, rest)) = split(literal) else {
        return missing(literal, findings);
    };
    let lower = written.text.to_ascii_lowercase();
    let name = match lower.as_str() {
        "file" => {
            findings.add(Rule::OriginSchemeFile, written.range(), "has the scheme `file`");
            return None;
        }
        "ws" | "wss" => {
            let says = format!("has the scheme `{}` of a connection, not of a page", written.text);
            findings.add(Rule::OriginSchemeInvalid, written.range(), says);
            findings.note("browsers open a WebSocket with the origin of the page, whose scheme is `http` or `https`");
            Some(lower.replacen("ws", "http", 1))
        }
        name if WITHOUT_PAGES.contains(&name) => {
            let says = format!("has the scheme `{}`, which no page has", written.text);
            findings.add(Rule::OriginSchemeInvalid, written.range(), says);
            return None;
        }
        _ if written.text.contains('*') => {
            findings.add(Rule::WildcardScheme, written.range(), "has a wildcard as its scheme");
            findings.note(format!(
                "it would match `http://{0}`, whose pages anyone on the network path can forge, and `evil://{0}`",
                rest.split_before(&['/', '?', '#', '\\']).0.text
            ));
            findings.guessed(Certainty::Scheme);
            None
        }
        _ if !is_scheme(&lower) => {
            let says = format!("has `{}` where a scheme belongs", written.text);
            findings.add(Rule::OriginSchemeInvalid, written.range(), says);
            findings.guessed(Certainty::Scheme);
            None
        }
        _ if lower != written.text => {
            let says = format!("has upper-case letters in its scheme `{}`", written.text);
            findings.add(Rule::OriginSchemeCase, written.range(), says);
            Some(lower)
        }
        _ => Some(lower),
    };
    Some((Scheme { name }, rest))
}

/// The text in front of `://`, unless that belongs to something behind the host.
fn split(literal: Part<'_>) -> Option<(Part<'_>, Part<'_>)> {
    let (before, after) = literal.split_once("://")?;
    let is_behind_a_host = before.text.contains(['/', '?', '#', '@', '[', '\\']);
    (!before.is_empty() && !is_behind_a_host).then_some((before, after))
}

/// A literal without `scheme://`.
fn missing<'a>(literal: Part<'a>, findings: &mut Findings) -> Option<(Scheme, Part<'a>)> {
    for prefix in ["://", "//"] {
        if let Some(rest) = literal.strip_prefix(prefix) {
            let range = literal.start..rest.start;
            findings.add(Rule::OriginSchemeMissing, range, "has no scheme");
            findings.guessed(Certainty::Scheme);
            return Some((Scheme { name: None }, rest));
        }
    }
    if let Some((name, rest)) = literal.split_once(":") {
        let lower = name.text.to_ascii_lowercase();
        if matches!(lower.as_str(), "http" | "https") {
            let slashes = rest.text.len() - rest.text.trim_start_matches(['/', '\\']).len();
            let (_, rest) = rest.split_at(slashes);
            let says = format!("has no `://` behind its scheme `{}`", name.text);
            findings.add(Rule::OriginSchemeInvalid, literal.start..rest.start, says);
            return Some((Scheme { name: Some(lower) }, rest));
        }
        if lower == "file" {
            findings.add(Rule::OriginSchemeFile, name.range(), "has the scheme `file`");
            return None;
        }
    }
    findings.add(Rule::OriginSchemeMissing, literal.range(), "has no scheme");
    findings.guessed(Certainty::Scheme);
    Some((Scheme { name: None }, literal))
}

/// <https://url.spec.whatwg.org/#url-scheme-string>
fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
}
