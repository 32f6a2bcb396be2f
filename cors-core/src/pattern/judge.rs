//! The verdict on a pattern.

use super::{
    compile::{Failure, Pattern, Reason},
    dfa::Dfa,
    findings::Findings,
    mend,
    minimize::table,
    objection::{Objection, ObjectionKind},
    origins::ACCEPTS,
};
use crate::declaration::spec::Danger;
use crate::origin::automaton::Automaton;

/// A pattern, and what the policy around it says.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The regular expression, in the syntax of the `regex` crate.
    pub pattern: &'a str,
    /// The registrable domains that it may reach; none means any single one.
    pub sites: &'a [&'a str],
    /// Whether the policy allows credentials.
    pub credentials: bool,
    /// The dangers that the policy names.
    pub allowed: &'a [Danger],
}

/// What is certain about a pattern that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Accepts the origins that the pattern matches, and no other text.
    pub table: Automaton,
    /// The registrable domains that are reached, in alphabetical order, and `localhost`.
    pub sites: Vec<String>,
    /// The addresses, the hosts of other schemes and the hosts without an owner that are reached.
    pub hosts: Vec<String>,
    /// Public suffixes, and names of a network, below which origins of strangers match.
    pub open: Vec<String>,
    /// The dangers that the pattern runs into, each of them among the allowed ones.
    pub dangers: Vec<Danger>,
}

/// Decides whether everything that a pattern admits is known to be meant.
///
/// # Errors
///
/// All the reasons why it is not, or why that can't be told.
///
/// # Examples
///
/// ```
/// use cors_core::__private::pattern::{ObjectionKind, Question, judge};
///
/// let mut question = Question {
///     pattern: r"^https://([a-z0-9-]+\.)*example\.com$",
///     sites: &[],
///     credentials: true,
///     allowed: &[],
/// };
/// let proof = judge(&question).unwrap();
/// assert_eq!(proof.sites, ["example.com"]);
/// assert!(proof.table.matches(b"https://www.example.com"));
///
/// question.pattern = r"^https://.*example\.com$";
/// let objections = judge(&question).unwrap_err();
/// assert_eq!(objections[0].kind, ObjectionKind::OpenSites);
/// assert_eq!(objections[0].witness.as_deref(), Some("https://evil-example.com"));
/// ```
pub fn judge(question: &Question<'_>) -> Result<Proof, Vec<Objection>> {
    let verdict = examine(question, Detail::EXPLAIN);
    verdict.map_err(|objections| mend::propose(question, objections))
}

/// How a pattern is looked at.
#[derive(Clone, Copy)]
pub(super) struct Detail {
    /// Whether a refusal shows witnesses; without, it is not shown to anyone.
    pub(super) explain: bool,
    /// Whether the pattern matches one text alone, which is then what its author means.
    pub(super) is_one_text: bool,
}

impl Detail {
    pub(super) const EXPLAIN: Self = Self { explain: true, is_one_text: false };
    pub(super) const DECIDE: Self = Self { explain: false, is_one_text: false };
}

/// The verdict, without an edit that would change it.
pub(super) fn examine(question: &Question<'_>, detail: Detail) -> Result<Proof, Vec<Objection>> {
    let refuse = |failure| vec![objection_to(failure, question.pattern)];
    let pattern = Pattern::new(question.pattern).map_err(refuse)?;
    let starts = pattern.starts_anchored().map_err(refuse)?;
    let ends = pattern.ends_anchored().map_err(refuse)?;
    let admitted = pattern.admitted().map_err(refuse)?;
    let detail = Detail { is_one_text: pattern.is_one_text(), ..detail };
    let findings = Findings::new(&admitted, question, detail);
    if starts && ends {
        return conclude(&pattern, &admitted, findings);
    }
    let mut objections = vec![unanchored(starts, ends, &findings, &pattern)];
    if detail.explain {
        // What is wrong besides is said now, and not after the anchors have been added.
        let anchored = pattern.anchored().map_err(refuse)?;
        let admitted = anchored.admitted().map_err(refuse)?;
        if !admitted.is_empty() {
            objections.extend(Findings::new(&admitted, question, detail).objections);
        }
    }
    Err(objections)
}

fn conclude(
    pattern: &Pattern,
    admitted: &Dfa,
    findings: Findings,
) -> Result<Proof, Vec<Objection>> {
    if admitted.is_empty() {
        return Err(vec![never_matches(pattern)]);
    }
    if !findings.objections.is_empty() {
        return Err(findings.objections);
    }
    match table(admitted) {
        Some(table) => {
            let Findings { sites, hosts, open, dangers, .. } = findings;
            Ok(Proof { table, sites, hosts, open, dangers })
        }
        None => Err(vec![objection_to(Failure::TooComplex, "")]),
    }
}

/// How many characters are shown of what follows a mistake.
const SHOWN: usize = 20;

fn objection_to(failure: Failure, text: &str) -> Objection {
    match failure {
        Failure::TooComplex => Objection::new(
            ObjectionKind::TooComplex,
            "the pattern needs too many states to be proved safe, so it is an error",
        )
        .with_fix(
            "write it with fewer counted repetitions and alternatives, or as several patterns",
        ),
        Failure::Syntax { range, because, reason } => {
            let fix = match reason {
                Reason::Unicode => {
                    "write a class such as `[a-z]`, and names in their `xn--` form".to_owned()
                }
                Reason::LookAround => {
                    "write what is allowed there, instead of what is not".to_owned()
                }
                Reason::Other => {
                    let rest = range.as_ref().and_then(|range| text.get(range.start..));
                    match rest.filter(|rest| !rest.is_empty()) {
                        Some(rest) => {
                            let shown: String = rest.chars().take(SHOWN).collect();
                            let more = if shown == rest { "" } else { "..." };
                            format!("mend the regular expression from `{shown}{more}` on")
                        }
                        None => "mend the end of the regular expression".to_owned(),
                    }
                }
            };
            let mut objection = Objection::new(ObjectionKind::Syntax, because);
            objection.range = range;
            objection.with_fix(fix)
        }
    }
}

fn unanchored(starts: bool, ends: bool, findings: &Findings, pattern: &Pattern) -> Objection {
    let because = match (starts, ends) {
        (true, _) => "the pattern has no `$` that every match must end with, so more may follow",
        (_, true) => "the pattern has no `^` that every match must start with, so more may precede",
        _ => "the pattern has neither `^` nor `$` around every match, so more may surround it",
    };
    let fix = match (starts, ends) {
        (true, _) => "add `$` at the end",
        (_, true) => "add `^` at the start",
        _ => "add `^` at the start and `$` at the end",
    };
    let group = if pattern.is_alternation() {
        ", around a group of the alternatives: `^(?:…|…)$`"
    } else {
        ""
    };
    let witness = findings.objections.iter().find_map(|objection| objection.witness.clone());
    Objection::new(ObjectionKind::Unanchored, because)
        .with_witness(witness)
        .with_fix(format!("{fix}{group}"))
}

fn never_matches(pattern: &Pattern) -> Objection {
    let waits_for = pattern.matched().and_then(|matched| {
        matched.shortest(matched.start(), |state| matched.output(state) & ACCEPTS != 0)
    });
    let because = match &waits_for {
        Some(text) => {
            format!("no browser sends an origin that the pattern matches{}", why_not(text))
        }
        None => "the pattern matches no text that a browser could send".to_owned(),
    };
    Objection::new(ObjectionKind::NeverMatches, because)
        .with_witness(waits_for)
        .with_fix("write the origin as browsers send it: `scheme://host` or `scheme://host:port`")
}

/// What keeps a text from being an origin, as far as that is obvious.
fn why_not(text: &str) -> &'static str {
    let Some((scheme, rest)) = text.split_once("://") else {
        return ": an origin starts with a scheme such as `https://`";
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    if host.contains('@') {
        ": an origin has no user name"
    } else if host.len() < rest.len() {
        ": an origin has no path, not even a final `/`"
    } else if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        ": scheme and host are in lower case"
    } else if (scheme == "https" && host.ends_with(":443"))
        || (scheme == "http" && host.ends_with(":80"))
    {
        ": browsers leave out the scheme's own port"
    } else {
        ""
    }
}
