//! Reads a literal the way it was meant, and says everything that is wrong with it.
//!
//! A literal is accepted only if it is byte for byte what a browser sends (or one of our
//! wildcards): then comparing origins at run time is comparing bytes. Nothing is normalised
//! silently. What can be normalised is *proposed*, in full, beside every problem.

use super::findings::{Findings, Meaning, Parsed};
use super::part::{Part, is_blank};
use super::tuple::{Port, Tuple, is_local};
use super::{host, port, scheme};
use crate::declaration::rule::Rule;
use crate::origin::wildcard::default_port;

/// Reads a literal.
pub(crate) fn parse(text: &str) -> Parsed {
    let mut findings = Findings::default();
    let literal = white_space(Part::whole(text), &mut findings);
    let meaning = match literal.text {
        "" => {
            if text.is_empty() {
                findings.add(Rule::OriginHostMissing, literal.range(), "is empty");
            }
            findings.help("write an origin, such as `https://app.example.com`");
            None
        }
        "*" => Some(Meaning::Any),
        "null" => Some(Meaning::Null),
        "file://" => Some(Meaning::LocalFiles),
        other if other.eq_ignore_ascii_case("null") => {
            findings.add(Rule::OriginNull, literal.range(), "is not how browsers write `null`");
            Some(Meaning::Null)
        }
        _ if several(literal, &mut findings) || pattern(literal, &mut findings) => None,
        _ => tuple(literal, &mut findings).map(Meaning::Tuple),
    };
    findings.finish(meaning)
}

/// Removes white space at both ends, and reports it wherever it is.
fn white_space<'a>(literal: Part<'a>, findings: &mut Findings) -> Part<'a> {
    if let Some(range) = literal.first_run(is_blank) {
        findings.add(Rule::OriginWhiteSpace, range, "has white space");
    }
    let (_, rest) = literal.split_at(literal.text.find(|c| !is_blank(c)).unwrap_or(usize::MAX));
    rest.split_at(rest.text.trim_end_matches(is_blank).len()).0
}

/// Several origins in one literal, as in a header that some servers wish existed.
fn several(literal: Part<'_>, findings: &mut Findings) -> bool {
    let separates = |c: char| c == ',' || c == ';' || is_blank(c);
    let each: Vec<_> = literal.text.split(separates).filter(|one| one.contains("://")).collect();
    let Some(range) = literal.first_run(separates).filter(|_| each.len() > 1) else {
        return false;
    };
    if !literal.text.contains(is_blank) {
        findings.add(Rule::OriginHostCharacter, range, "holds more than one origin");
    }
    let list: Vec<_> = each.iter().map(|one| format!("\"{one}\"")).collect();
    findings.help(format!("write each as an element of its own: `{}`", list.join(", ")));
    findings.note("`Access-Control-Allow-Origin` holds one origin, never a list of them");
    true
}

/// A regular expression where an origin belongs.
fn pattern(literal: Part<'_>, findings: &mut Findings) -> bool {
    let text = literal.text;
    let escapes = [r"\.", r"\d", r"\w", r"\b", "[a-z", "[^", "[0-9", "(", "|", "https?:"];
    let found = text.starts_with('^')
        || text.ends_with('$')
        || escapes.iter().any(|escape| text.contains(escape));
    if found {
        findings.add(Rule::OriginPattern, literal.range(), "is a regular expression");
    }
    found
}

fn tuple(literal: Part<'_>, findings: &mut Findings) -> Option<Tuple> {
    let (scheme, rest) = scheme::read(literal, findings)?;
    let (authority, tail) = rest.split_before(&['/', '?', '#', '\\']);
    let (authority, tail) = if authority.is_empty() && scheme.is_web() {
        extra_slashes(tail, findings)
    } else {
        (authority, tail)
    };
    let authority = user_info(authority, findings);
    path_and_more(tail, findings);

    let (host, after_host) = host::split(authority, findings);
    let host = host.and_then(|host| host::read(host, &scheme, findings));
    let port = port::read(after_host, &scheme, findings);

    let (host, port) = (host?, port?);
    let name = scheme.name.unwrap_or_else(|| {
        let plain = is_local(&host.name) || port == Port::Number(80);
        (if plain { "http" } else { "https" }).to_owned()
    });
    let port = match port {
        Port::Number(number) if default_port(&name) == Some(number) => Port::Default,
        port => port,
    };
    Some(Tuple { scheme: name, host: host.name, subdomains: host.subdomains, port })
}

/// `https:///example.com`, which browsers read as `https://example.com`.
fn extra_slashes<'a>(tail: Part<'a>, findings: &mut Findings) -> (Part<'a>, Part<'a>) {
    let slashes = tail.text.len() - tail.text.trim_start_matches(['/', '\\']).len();
    let (extra, rest) = tail.split_at(slashes);
    let (authority, after) = rest.split_before(&['/', '?', '#', '\\']);
    if extra.is_empty() || authority.is_empty() {
        return (tail.split_at(0).0, tail.split_at(usize::MAX).1);
    }
    findings.add(Rule::OriginHostMissing, extra.range(), "has no host behind `//`");
    (authority, after)
}

fn user_info<'a>(authority: Part<'a>, findings: &mut Findings) -> Part<'a> {
    let Some(at) = authority.text.rfind('@') else {
        return authority;
    };
    let (user, rest) = authority.split_at(at + 1);
    findings.add(Rule::OriginUserInfo, user.range(), "has user info");
    if user.text.contains('.') {
        let host = rest.split_before(&[':']).0.text;
        findings.note(format!(
            "the text before `@` is a user name, so the host is `{host}`, and its owner gets access"
        ));
    }
    rest
}

/// Everything that comes behind an origin in a URL.
fn path_and_more(tail: Part<'_>, findings: &mut Findings) {
    let (before_fragment, fragment) = tail.split_before(&['#']);
    let (path, query) = before_fragment.split_before(&['?']);
    if !path.is_empty() {
        let says = if path.text == "/" { "has a trailing slash" } else { "has a path" };
        findings.add(Rule::OriginPath, path.range(), says);
    }
    if !query.is_empty() {
        findings.add(Rule::OriginQuery, query.range(), "has a query");
    }
    if !fragment.is_empty() {
        findings.add(Rule::OriginFragment, fragment.range(), "has a fragment");
    }
}
