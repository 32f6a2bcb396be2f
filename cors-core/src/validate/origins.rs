//! The rules about origins, one literal at a time and side by side.

use std::collections::{HashMap, HashSet};

use super::credentials;
use super::known::Known;
use super::shared::{Suffix, suffix_within};
use super::sink::{Sink, quote};
use super::written::Written;
use crate::declaration::rule::Rule;
use crate::declaration::spec::{Danger, PolicySpec};
use crate::declaration::violation::{Field, Location};
use crate::origin::parse::findings::{Certainty, Meaning, Parsed, Proposal};
use crate::origin::parse::literal::parse;
use crate::origin::parse::tuple::{Port, Tuple};
use crate::origin::wildcard::Wildcard;

/// What is known about the origins of a declaration once all were read.
#[derive(Debug, Default)]
pub(crate) struct Origins {
    pub(crate) any: bool,
    pub(crate) exact: Vec<String>,
    pub(crate) wildcards: Vec<Wildcard>,
    /// The dangers that the declaration names.
    named: HashSet<Danger>,
    /// The dangers that some origin runs into.
    pub(crate) dangers: HashSet<Danger>,
    /// The elements whose origins anyone can have.
    pub(crate) open: Vec<Open>,
    /// For each host behind a wildcard, the public suffix whose subdomains it allows.
    suffixes: HashMap<String, Option<Suffix>>,
    /// Whether there are literals that cannot be read.
    pub(crate) has_riddles: bool,
}

impl Origins {
    /// Whether the declaration names a danger, which may be a look-up for each of many origins.
    pub(crate) fn is_named(&self, danger: Danger) -> bool {
        self.named.contains(&danger)
    }

    /// The same as [`suffix_within`], which takes a walk over much of the list, once for each host:
    /// the same host may be there with every port.
    pub(crate) fn suffix_within(&mut self, origin: &Tuple) -> Option<Suffix> {
        if !origin.subdomains {
            return None;
        }
        if let Some(known) = self.suffixes.get(&origin.host) {
            return known.clone();
        }
        let suffix = suffix_within(origin);
        self.suffixes.insert(origin.host.clone(), suffix.clone());
        suffix
    }
}

/// An element whose origins anyone can have.
#[derive(Debug)]
pub(crate) struct Open {
    /// The element as it is written.
    pub(crate) text: String,
    /// The danger that names it.
    pub(crate) danger: Danger,
}

/// Applies the rules about origins.
pub(crate) fn check(spec: &PolicySpec, known: &Known<'_>, sink: &mut Sink) -> Origins {
    let named = spec.dangerously_allow.iter().copied().collect();
    let has_patterns = !spec.origin_patterns.is_empty()
        || known.proved().is_some_and(|it| !it.as_slice().is_empty());
    let has_others = has_patterns || known.is_open();
    // What a danger is named for may come later.
    let is_missing = spec.origins.is_empty() && !has_patterns && !known.may_be_empty();
    // And where they are missing as long as CORS is off.
    let has_riddles = !known.has_all_dangers() || is_missing && spec.none;
    let mut origins = Origins { named, has_riddles, ..Origins::default() };
    let listed = spec.origins.iter().enumerate().map(|(index, it)| Written::literal(it, index));
    let debug = spec.debug_origins.iter().enumerate().map(|(index, it)| Written::debug(it, index));
    if is_missing && !spec.none {
        report_none(spec, sink);
    }
    let mut seen = HashSet::new();
    for written in listed.chain(debug) {
        let text = written.text;
        if sink.is_too_long("origin", written.location(), text) {
            origins.has_riddles = true;
            continue;
        }
        let parsed = parse(text);
        report_problems(written, &parsed, sink);
        let Some(meaning) = parsed.meaning else {
            origins.has_riddles = true;
            continue;
        };
        if report_duplicate(written, &meaning, &mut seen, sink) {
            // Everything else was said of the first one.
            continue;
        }
        if meaning == Meaning::Any {
            check_any(spec, written, has_others, &mut origins, sink);
            continue;
        }
        check_meaning(spec, written, &meaning, &mut origins, sink);
        match meaning {
            Meaning::Tuple(tuple) if tuple.subdomains || tuple.port == Port::Any => {
                origins.wildcards.push(tuple.into());
            }
            _ => origins.exact.push(meaning.text()),
        }
    }
    origins
}

/// A policy without any origin: of a release build, if there are some for debugging.
fn report_none(spec: &PolicySpec, sink: &mut Sink) {
    let message = if spec.debug_origins.is_empty() {
        "no origins are given"
    } else {
        "no origins are given beside `debug_origins`, which a release build does not have"
    };
    sink.report(
        Rule::OriginNone,
        Location::field(Field::Origins),
        "",
        message,
        "write `origins = [\"https://app.example.com\"]`, or `origins = \"*\"` for data that \
         everybody may read",
    );
}

/// Judges the only text that a pattern matches as the literal that it is.
#[cfg(feature = "patterns")]
pub(crate) fn check_text(
    spec: &PolicySpec,
    written: Written<'_>,
    origins: &mut Origins,
    sink: &mut Sink,
) {
    let parsed = parse(written.origin);
    report_problems(written, &parsed, sink);
    match parsed.meaning {
        // What is a notation in a list is a text like any other in a pattern.
        None | Some(Meaning::Any) => origins.has_riddles = true,
        Some(meaning) => check_meaning(spec, written, &meaning, origins, sink),
    }
}

/// Everything that is wrong with how an origin is written, each with the same remedy.
fn report_problems(written: Written<'_>, parsed: &Parsed, sink: &mut Sink) {
    for problem in &parsed.problems {
        let help = match (&parsed.proposal, &problem.help) {
            (Some(proposal), _) => propose(written, proposal),
            (None, Some(help)) => help.clone(),
            (None, None) => advice(problem.rule),
        };
        let message = written.says(&problem.says);
        sink.report(problem.rule, written.part(&problem.range), written.text, message, help);
        sink.note(problem.note.clone());
    }
}

/// Whether an origin was there before; duplicates are found by what they mean.
fn report_duplicate(
    written: Written<'_>,
    meaning: &Meaning,
    seen: &mut HashSet<String>,
    sink: &mut Sink,
) -> bool {
    let canonical = meaning.text();
    if seen.insert(canonical.clone()) {
        return false;
    }
    let message = if canonical == written.text {
        written.says("is listed twice")
    } else {
        written.says(&format!("is {}, which is listed before", quote(&canonical)))
    };
    let at = written.location();
    sink.report(Rule::OriginDuplicate, at, written.text, message, "remove one of them");
    true
}

/// How to write an origin that could be read.
fn propose(written: Written<'_>, proposal: &Proposal) -> String {
    let text = written.instead(&proposal.text);
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

/// The fix of the rule, in the style of a message.
fn advice(rule: Rule) -> String {
    let fix = rule.fix().trim_end_matches('.');
    let mut chars = fix.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// `*` is a policy of its own.
fn check_any(
    spec: &PolicySpec,
    written: Written<'_>,
    has_others: bool,
    origins: &mut Origins,
    sink: &mut Sink,
) {
    origins.any = true;
    if spec.credentials {
        sink.report(
            Rule::OriginAnyWithCredentials,
            written.location(),
            written.text,
            written.says("cannot be used with credentials"),
            "list the origins that may use credentials, or leave `credentials` out",
        );
    }
    let mut listed = spec.origins.iter().chain(&spec.debug_origins);
    if listed.any(|other| other != "*") || has_others {
        sink.report(
            Rule::OriginAnyBesideOthers,
            written.location(),
            written.text,
            written.says("is listed beside others, which it includes"),
            "write `origins = \"*\"`, or remove `*` from the list",
        );
    }
}

/// Which owners an origin allows that the declaration does not name.
fn check_meaning(
    spec: &PolicySpec,
    written: Written<'_>,
    meaning: &Meaning,
    origins: &mut Origins,
    sink: &mut Sink,
) {
    match meaning {
        Meaning::Any => {}
        Meaning::Null => check_null(spec, written, origins, sink),
        Meaning::LocalFiles => check_local_files(written, origins, sink),
        Meaning::Tuple(tuple) => {
            if spec.credentials {
                credentials::check(written, tuple, origins, sink);
            }
            check_open(spec, written, tuple, origins);
        }
    }
}

/// A wildcard below a public suffix stands for every owner of a name there.
fn check_open(spec: &PolicySpec, written: Written<'_>, tuple: &Tuple, origins: &mut Origins) {
    let Some(suffix) = origins.suffix_within(tuple) else { return };
    let danger = Danger::PublicSuffixSubdomains;
    if suffix.is_listed {
        origins.open.push(Open { text: written.text.to_owned(), danger });
        if spec.private_network || spec.enforce {
            origins.dangers.insert(danger);
        }
    }
}

/// `null` needs its danger named, and never gets credentials.
fn check_null(spec: &PolicySpec, written: Written<'_>, origins: &mut Origins, sink: &mut Sink) {
    origins.dangers.insert(Danger::NullOrigin);
    origins.open.push(Open { text: written.text.to_owned(), danger: Danger::NullOrigin });
    if spec.credentials {
        sink.report(
            Rule::OriginNullWithCredentials,
            written.location(),
            written.text,
            written.says("cannot be used with credentials"),
            "remove `null`; serve the page that needs it from an origin with a name",
        );
    } else if written.origin == "null" && !origins.is_named(Danger::NullOrigin) {
        sink.report(
            Rule::OriginNull,
            written.location(),
            written.text,
            written.says("is every sandboxed frame of every site"),
            "remove `null`, or accept the danger by name: `dangerously_allow(null_origin)`",
        );
    }
}

/// `file://` needs its danger named.
fn check_local_files(written: Written<'_>, origins: &mut Origins, sink: &mut Sink) {
    origins.dangers.insert(Danger::LocalFiles);
    if !origins.is_named(Danger::LocalFiles) {
        sink.report(
            Rule::OriginSchemeFile,
            written.location(),
            written.text,
            written.says("is every file on the device, in the webviews that send it"),
            "remove it and let the app register a scheme of its own, such as `capacitor://`, or \
             accept the danger by name: `dangerously_allow(local_files)`",
        );
    }
}
