//! The rules about origin patterns: each is proved safe, or is an error with what it would let
//! in.

use std::collections::{BTreeSet, HashSet};

use super::origins::{self, Open, Origins};
use super::shared::is_listed;
use super::sink::{Sink, quote, quote_all};
use super::written::Written;
use crate::declaration::rule::Rule;
use crate::declaration::spec::{Danger, PolicySpec};
use crate::declaration::violation::{Field, Location};
use crate::origin::automaton::LONGEST_TEXT;
use crate::origin::patterns::{Pattern, Patterns};
use crate::pattern::{
    Objection, ObjectionKind, Proof, Question, judge, only_text, site_objection, together,
};

/// Applies the rules about patterns and sites, and returns what is carried for them.
pub(crate) fn check(spec: &PolicySpec, origins: &mut Origins, sink: &mut Sink) -> Patterns {
    let mut proofs = Vec::new();
    let too_many = sink.is_too_many(Field::OriginPatterns, spec.origin_patterns.len())
        | sink.is_too_many(Field::Sites, spec.sites.len());
    if too_many {
        origins.has_riddles = true;
        return Patterns::None;
    }
    let mut seen = HashSet::new();
    // What is no site is reported by itself, and must not be proposed again.
    let is_site = |site: &&str| site.len() <= LONGEST_TEXT && site_objection(site).is_none();
    let sites: Vec<&str> = spec.sites.iter().map(String::as_str).filter(is_site).collect();
    for (index, pattern) in spec.origin_patterns.iter().enumerate() {
        let at = Location::element(Field::OriginPatterns, index);
        if sink.is_too_long("origin pattern", at.clone(), pattern) {
            origins.has_riddles = true;
            continue;
        }
        if !seen.insert(pattern) {
            let message = format!("origin pattern {} is listed twice", quote(pattern));
            sink.report(Rule::PatternDuplicate, at, pattern, message, "remove one of them");
            continue;
        }
        if let Some(proof) = prove(spec, &sites, pattern, index, origins, sink) {
            proofs.push((pattern, proof));
        }
    }
    check_sites(spec, sink);
    if proofs.len() < spec.origin_patterns.len() {
        return Patterns::None;
    }
    check_together(spec, &proofs, sink);
    let list = proofs.into_iter().map(|(pattern, proof)| Pattern::new(pattern, proof.table));
    together(list.collect()).unwrap_or_else(|| {
        report_too_complex(spec.origin_patterns.len(), sink);
        Patterns::None
    })
}

/// Each of the patterns is small enough, and all of them are not.
fn report_too_complex(count: usize, sink: &mut Sink) {
    sink.report(
        Rule::PatternTooComplex,
        Location::field(Field::OriginPatterns),
        "",
        format!("the {count} origin patterns are too complex together to be one automaton"),
        "write fewer of them, or with fewer counted repetitions behind a `*` or `+`; where names are \
         known, write them as `origins`",
    );
    sink.note(Some(
        "an origin is read once for all patterns, so that no list of them makes requests slow"
            .to_owned(),
    ));
}

/// Judges one pattern, and finds out whether it runs into a danger.
fn prove(
    spec: &PolicySpec,
    sites: &[&str],
    pattern: &str,
    index: usize,
    origins: &mut Origins,
    sink: &mut Sink,
) -> Option<Proof> {
    let mut question = Question {
        pattern,
        sites,
        credentials: spec.credentials,
        allowed: &spec.dangerously_allow,
    };
    // A `*` is a notation of the list of origins, and a text like any other in a pattern.
    let text = only_text(pattern).filter(|text| !text.contains('*'));
    if let Some(text) = &text {
        let before = sink.len();
        origins::check_text(spec, Written::pattern(pattern, text, index), origins, sink);
        if sink.len() > before {
            return None;
        }
        // What a literal runs into has been seen to.
        question.allowed = Danger::ALL;
    }
    match judge(&question) {
        Ok(proof) => {
            if text.is_none() {
                origins.dangers.extend(&proof.dangers);
            }
            if proof.open.iter().any(|suffix| is_listed(suffix)) {
                let danger = Danger::PublicSuffixSubdomains;
                origins.open.push(Open { text: pattern.to_owned(), danger });
                if spec.private_network || spec.enforce {
                    origins.dangers.insert(danger);
                }
            }
            if proof.dangers.contains(&Danger::NullOrigin) {
                let danger = Danger::NullOrigin;
                origins.open.push(Open { text: pattern.to_owned(), danger });
            }
            Some(proof)
        }
        Err(objections) => {
            // What the pattern would have needed can no longer be told.
            origins.has_riddles = true;
            for objection in objections {
                report(pattern, index, objection, sink);
            }
            None
        }
    }
}

fn report(pattern: &str, index: usize, objection: Objection, sink: &mut Sink) {
    let Objection { kind, range, witness, because, danger, fix, .. } = objection;
    let at = match range {
        Some(range) => Location::bytes(Field::OriginPatterns, index, range),
        None => Location::element(Field::OriginPatterns, index),
    };
    let subject = format!("origin pattern {}", quote(pattern));
    let message = match (kind, witness) {
        (ObjectionKind::NeverMatches, Some(witness)) => {
            format!("{subject} expects {}, which no browser sends", quote(&witness))
        }
        (ObjectionKind::Syntax, _) => format!("{subject} cannot be read"),
        (ObjectionKind::TooComplex, _) => format!("{subject} is too complex to be proved safe"),
        (_, Some(witness)) => format!("{subject} would match {}", quote(&witness)),
        (_, None) => format!("{subject} is not proved safe"),
    };
    let help = match danger {
        Some(danger) => {
            format!("{fix}, or accept the danger by name: `dangerously_allow({danger})`")
        }
        None => fix,
    };
    sink.report(rule(kind), at, pattern, message, help);
    sink.note(Some(because));
}

const fn rule(kind: ObjectionKind) -> Rule {
    match kind {
        ObjectionKind::Syntax => Rule::PatternSyntax,
        ObjectionKind::Unanchored => Rule::PatternUnanchored,
        ObjectionKind::NeverMatches => Rule::PatternNeverMatches,
        ObjectionKind::OpenSites => Rule::PatternOpenSites,
        ObjectionKind::UndeclaredSites => Rule::PatternUndeclaredSites,
        ObjectionKind::BareSuffix => Rule::PatternBareSuffix,
        ObjectionKind::DotlessHost => Rule::PatternDotlessHost,
        ObjectionKind::NullOrigin => Rule::PatternNullOrigin,
        ObjectionKind::LocalFiles => Rule::OriginSchemeFile,
        ObjectionKind::Address => Rule::PatternAddress,
        ObjectionKind::CustomScheme => Rule::PatternCustomScheme,
        ObjectionKind::Insecure => Rule::PatternInsecure,
        ObjectionKind::TooComplex => Rule::PatternTooComplex,
        ObjectionKind::Site => Rule::SiteInvalid,
    }
}

/// Each site must be a registrable domain, and there must be patterns to limit.
fn check_sites(spec: &PolicySpec, sink: &mut Sink) {
    let mut seen = HashSet::new();
    for (index, site) in spec.sites.iter().enumerate() {
        let at = Location::element(Field::Sites, index);
        let is_new = seen.insert(site);
        if sink.is_too_long("site", at.clone(), site) {
            continue;
        }
        if let Some(Objection { because, fix, .. }) = site_objection(site) {
            sink.report(Rule::SiteInvalid, at, site, because, fix);
        } else if !is_new {
            let message = format!("site {} is listed twice", quote(site));
            sink.report(Rule::SiteDuplicate, at, site, message, "remove one of them");
        }
    }
    if !spec.sites.is_empty() && spec.origin_patterns.is_empty() {
        sink.report(
            Rule::SiteUnneeded,
            Location::field(Field::Sites),
            "",
            "`sites` limits origin patterns, and there are none",
            "remove `sites`; it limits patterns only",
        );
    }
}

/// Patterns that reach one site each may reach several together.
fn check_together(spec: &PolicySpec, proofs: &[(&String, Proof)], sink: &mut Sink) {
    let reached: BTreeSet<&str> =
        proofs.iter().flat_map(|(_, proof)| &proof.sites).map(String::as_str).collect();
    let owned: Vec<&str> = reached.iter().copied().filter(|site| *site != "localhost").collect();
    if spec.sites.is_empty() && owned.len() > 1 {
        let list: Vec<String> = owned.iter().map(|site| format!("\"{site}\"")).collect();
        sink.report(
            Rule::PatternUndeclaredSites,
            Location::field(Field::OriginPatterns),
            "",
            format!("the origin patterns reach {}, and no `sites` are declared", quote_all(&owned)),
            format!("declare `sites = [{}]`, if all of them are yours", list.join(", ")),
        );
    }
}
