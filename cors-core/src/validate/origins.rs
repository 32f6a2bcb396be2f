//! The rules about origins, one literal at a time and side by side.

use std::collections::{HashMap, HashSet};

use super::credentials;
use super::literal::parse::{Certainty, Meaning, Parsed, Proposal, parse};
use super::literal::tuple::Port;
use super::sink::{Sink, quote};
use crate::declaration::rule::Rule;
use crate::declaration::spec::{Danger, PolicySpec};
use crate::declaration::violation::{Field, Location};
use crate::origin::wildcard::Wildcard;

/// What is known about the origins of a declaration once all were read.
#[derive(Debug, Default)]
pub(crate) struct Origins {
    pub(crate) any: bool,
    pub(crate) exact: Vec<String>,
    pub(crate) wildcards: Vec<Wildcard>,
    /// The dangers that some origin runs into.
    pub(crate) dangers: Vec<Danger>,
    /// For each host behind a wildcard, the public suffix whose subdomains it lets in.
    pub(crate) suffixes: HashMap<String, Option<String>>,
    /// Whether there are literals that nobody can read.
    pub(crate) has_riddles: bool,
}

/// Applies the rules about origins.
pub(crate) fn check(spec: &PolicySpec, sink: &mut Sink) -> Origins {
    let mut origins = Origins::default();
    if spec.origins.is_empty() && spec.origin_patterns.is_empty() {
        sink.report(
            Rule::OriginNone,
            Location::field(Field::Origins),
            "",
            "no origins are given",
            "write `origins = [\"https://app.example.com\"]`, or `origins = \"*\"` for data that \
             everybody may read",
        );
    }
    let mut seen = HashSet::new();
    for (index, text) in spec.origins.iter().enumerate() {
        let literal = Literal { text, index };
        if sink.is_too_long("origin", literal.location(), text) {
            origins.has_riddles = true;
            continue;
        }
        let parsed = parse(text);
        literal.report_problems(&parsed, sink);
        let Some(meaning) = parsed.meaning else {
            origins.has_riddles = true;
            continue;
        };
        if literal.report_duplicate(&meaning, &mut seen, sink) {
            // Everything else was said of the first one.
            continue;
        }
        match meaning {
            Meaning::Any => check_any(spec, literal, &mut origins, sink),
            Meaning::Null => check_null(spec, literal, &mut origins, sink),
            Meaning::Tuple(tuple) => {
                if spec.credentials {
                    credentials::check(spec, literal, &tuple, &mut origins, sink);
                }
                if tuple.subdomains || tuple.port == Port::Any {
                    origins.wildcards.push(tuple.into());
                } else {
                    origins.exact.push(tuple.to_string());
                }
            }
        }
    }
    origins
}

/// One element of the list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Literal<'a> {
    pub(crate) text: &'a str,
    pub(crate) index: usize,
}

impl Literal<'_> {
    pub(crate) const fn location(self) -> Location {
        Location::element(Field::Origins, self.index)
    }

    /// Everything that is wrong with how the literal is written, each with the same remedy.
    fn report_problems(self, parsed: &Parsed, sink: &mut Sink) {
        for problem in &parsed.problems {
            let help = match (&parsed.proposal, &problem.help) {
                (Some(proposal), _) => propose(proposal),
                (None, Some(help)) => help.clone(),
                (None, None) => advice(problem.rule),
            };
            let range = problem.range.clone();
            let location = if range.is_empty() {
                self.location()
            } else {
                Location::bytes(Field::Origins, self.index, range)
            };
            let message = format!("origin {} {}", quote(self.text), problem.says);
            sink.report(problem.rule, location, self.text, message, help);
            sink.note(problem.note.clone());
        }
    }

    /// Duplicates are found by what they mean.
    fn report_duplicate(
        self,
        meaning: &Meaning,
        seen: &mut HashSet<String>,
        sink: &mut Sink,
    ) -> bool {
        let canonical = meaning.text();
        if seen.insert(canonical.clone()) {
            return false;
        }
        let message = if canonical == self.text {
            format!("origin {} is listed twice", quote(self.text))
        } else {
            let canonical = quote(&canonical);
            format!("origin {} is {canonical}, which is listed before", quote(self.text))
        };
        sink.report(
            Rule::OriginDuplicate,
            self.location(),
            self.text,
            message,
            "remove one of them",
        );
        true
    }
}

/// How to write an origin that could be read.
fn propose(proposal: &Proposal) -> String {
    let text = quote(&proposal.text);
    match proposal.certainty {
        Certainty::Exact => format!("write {text}"),
        Certainty::Scheme => format!("write {text}, or the scheme that the pages come with"),
        Certainty::AnyPort => format!("write {text} for any port, or one port in full"),
        Certainty::Subdomains => {
            format!("write {text} for all subdomains, or each host as an origin of its own")
        }
        Certainty::Unicode => format!(
            "write the form that browsers send, probably {text}; \
             check it in the address bar of a browser or with your registrar"
        ),
    }
}

/// The fix of the rule, in the voice of a message.
fn advice(rule: Rule) -> String {
    let fix = rule.fix().trim_end_matches('.');
    let mut chars = fix.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// `*` is a policy of its own.
fn check_any(spec: &PolicySpec, literal: Literal<'_>, origins: &mut Origins, sink: &mut Sink) {
    origins.any = true;
    if spec.credentials {
        sink.report(
            Rule::OriginAnyWithCredentials,
            literal.location(),
            literal.text,
            "origin `*` cannot be used with credentials",
            "list the origins that may use credentials, or leave `credentials` out",
        );
    }
    if spec.origins.iter().any(|other| other != "*") || !spec.origin_patterns.is_empty() {
        sink.report(
            Rule::OriginAnyBesideOthers,
            literal.location(),
            literal.text,
            "origin `*` stands beside others, which it includes",
            "write `origins = \"*\"`, or remove `*` from the list",
        );
    }
}

/// `null` needs its danger named, and never gets credentials.
fn check_null(spec: &PolicySpec, literal: Literal<'_>, origins: &mut Origins, sink: &mut Sink) {
    origins.dangers.push(Danger::NullOrigin);
    origins.exact.push("null".to_owned());
    if spec.credentials {
        sink.report(
            Rule::OriginNullWithCredentials,
            literal.location(),
            literal.text,
            "origin `null` cannot be used with credentials",
            "remove `null`; serve the page that needs it from an origin with a name",
        );
    } else if literal.text == "null" && !spec.dangerously_allow.contains(&Danger::NullOrigin) {
        sink.report(
            Rule::OriginNull,
            literal.location(),
            literal.text,
            "origin `null` is every sandboxed frame of every site",
            "remove `null`, or accept the danger by name: `dangerously_allow(null_origin)`",
        );
    }
}
