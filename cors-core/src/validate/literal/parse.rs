//! Reads a literal the way it was meant, and says everything that is wrong with it.
//!
//! A literal is accepted only if it is byte for byte what a browser sends (or one of our
//! wildcards): then comparing origins at run time is comparing bytes. Nothing is normalised
//! silently. What can be normalised is *proposed*, in full, beside every problem.

use std::ops::Range;

use super::part::Part;
use super::tuple::{Port, Tuple, is_local};
use super::{host, port, scheme};
use crate::declaration::rule::Rule;
use crate::origin::wildcard::default_port;

/// What a literal says, and what is wrong with how it says it.
#[derive(Debug)]
pub(crate) struct Parsed {
    /// In the order of the text; empty if and only if the literal may stay as it is.
    pub(crate) problems: Vec<Problem>,
    /// What the literal certainly means, if that is certain, be it written well or not.
    pub(crate) meaning: Option<Meaning>,
    /// What to write instead, where that can be told.
    pub(crate) proposal: Option<Proposal>,
}

/// What a literal stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// `*`
    Any,
    /// `null`
    Null,
    /// `file://`
    LocalFiles,
    /// A scheme, a host and a port.
    Tuple(Tuple),
}

/// One thing that is wrong with a literal.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) rule: Rule,
    pub(crate) range: Range<usize>,
    /// What it is, as a predicate to the literal.
    pub(crate) says: String,
    /// What to do where there is no proposal; else the rule's own fix.
    pub(crate) help: Option<String>,
    /// What would happen, if that can be said closer than the rule says it.
    pub(crate) note: Option<String>,
}

/// A literal to write instead, and how sure that is.
#[derive(Debug)]
pub(crate) struct Proposal {
    pub(crate) text: String,
    pub(crate) certainty: Certainty,
}

/// How much of a proposal was not in the literal.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Certainty {
    /// Nothing: a browser reads the literal so.
    #[default]
    Exact,
    /// The scheme.
    Scheme,
    /// The wildcard in the port.
    AnyPort,
    /// The place of the subdomain wildcard.
    Subdomains,
    /// The encoding of a Unicode host.
    Unicode,
}

/// Collects problems while a literal is read.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    problems: Vec<Problem>,
    certainty: Certainty,
}

impl Findings {
    pub(crate) fn add(&mut self, rule: Rule, range: Range<usize>, says: impl Into<String>) {
        self.problems.push(Problem { rule, range, says: says.into(), help: None, note: None });
    }

    /// Gives the last problem its own help.
    pub(crate) fn help(&mut self, help: impl Into<String>) {
        if let Some(problem) = self.problems.last_mut() {
            problem.help = Some(help.into());
        }
    }

    /// Gives the last problem its own note.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        if let Some(problem) = self.problems.last_mut() {
            problem.note = Some(note.into());
        }
    }

    /// Remembers that a part of the meaning is only a guess.
    pub(crate) fn guessed(&mut self, what: Certainty) {
        self.certainty = self.certainty.max(what);
    }

    fn finish(mut self, meaning: Option<Meaning>) -> Parsed {
        self.problems.sort_by_key(|problem| problem.range.start);
        let proposal = match &meaning {
            Some(meaning) if !self.problems.is_empty() => {
                Some(Proposal { text: meaning.text(), certainty: self.certainty })
            }
            _ => None,
        };
        let meaning = meaning.filter(|_| self.certainty == Certainty::Exact);
        Parsed { problems: self.problems, meaning, proposal }
    }
}

impl Meaning {
    /// The literal that says so.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Any => "*".to_owned(),
            Self::Null => "null".to_owned(),
            Self::LocalFiles => "file://".to_owned(),
            Self::Tuple(tuple) => tuple.to_string(),
        }
    }
}

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

pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control()
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
            "what stands before `@` is a user name, so the host is `{host}`, whoever that is"
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
