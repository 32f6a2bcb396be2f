//! The origins of a policy as a language, and what one has that another lacks.
//!
//! Compared is what a browser can send: labels of a web host are at most 63 bytes long, as in the
//! DNS, whether or not a pattern says so. A pattern and a list that mean the same are the same.

mod inclusion;
mod machine;
#[cfg(test)]
mod tests;

use self::inclusion::{Found, search};
use self::machine::{Machine, Part};
use crate::origin::automaton::MAX_ORIGIN;
use crate::origin::patterns::Pattern;
use crate::origin::serialised::LONGEST_HOST;
use crate::origin::set::{OriginSet, Origins};
use crate::origin::wildcard::{Port, Wildcard, are_labels, cut_port};
use crate::policy::Policy;

/// Origins that a policy declares together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Element {
    Any,
    Exact(String),
    Wildcard(Wildcard),
    Pattern(String),
}

/// An element of one policy that is not wholly among the origins of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Extra {
    pub(super) element: Element,
    /// An origin of the element that is none of the other policy's; `None` if the two are too complex
    /// to be compared.
    pub(super) witness: Option<String>,
    /// Whether the other policy has some of its origins.
    pub(super) is_part: bool,
}

/// Whether a policy allows some origin.
pub(super) fn allows_some(policy: &Policy) -> bool {
    policy.is_public() || policy.parts().origins.set().is_some_and(|set| !is_empty(set))
}

fn is_empty(set: &OriginSet) -> bool {
    set.exact.origins.is_empty()
        && set.wildcards.list.is_empty()
        && set.patterns.as_slice().is_empty()
}

/// The elements of a policy that are not wholly among the origins of another.
pub(super) fn beyond(policy: &Policy, other: Option<&Policy>) -> Vec<Extra> {
    let nothing = |element, witness| Extra { element, witness, is_part: false };
    let theirs = match other.map(|it| &it.parts().origins) {
        Some(Origins::Any) => return Vec::new(),
        Some(origins) => origins.set(),
        None => None,
    };
    let own = match &policy.parts().origins {
        Origins::Any => {
            let witness = stranger(theirs);
            let is_part = theirs.is_some_and(|set| !is_empty(set));
            return vec![Extra { element: Element::Any, witness: Some(witness), is_part }];
        }
        origins => origins.set(),
    };
    let Some(own) = own else { return Vec::new() };
    let mut extras = Vec::new();
    for wildcard in own.wildcards.list.iter() {
        let part = Part::Wildcard(wildcard);
        let element = Element::Wildcard(wildcard.clone());
        let is_covered =
            || theirs.is_some_and(|set| set.wildcards.list.iter().any(|it| covers(it, wildcard)));
        if !is_covered() {
            extras.extend(extra(element, part, own, theirs));
        }
    }
    for pattern in own.patterns.as_slice() {
        let is_same = |it: &Pattern| it.table == pattern.table;
        if theirs.is_some_and(|set| set.patterns.as_slice().iter().any(is_same)) {
            continue;
        }
        let element = Element::Pattern(pattern.source.clone().into_owned());
        extras.extend(extra(element, Part::Table(&pattern.table), own, theirs));
    }
    let mut exact: Vec<&str> = own.exact.origins.iter().collect();
    exact.sort_unstable();
    for origin in exact {
        let is_new = !theirs.is_some_and(|set| set.contains(origin.as_bytes()));
        if is_new && !own.wildcards.list.iter().any(|it| it.matches(origin.as_bytes())) {
            extras.push(nothing(Element::Exact(origin.to_owned()), Some(origin.to_owned())));
        }
    }
    extras
}

/// Whether every origin of one wildcard is one of another's, as far as their texts show it.
fn covers(wide: &Wildcard, narrow: &Wildcard) -> bool {
    let is_below = || {
        let labels = narrow.host.strip_suffix(&*wide.host).and_then(|it| it.strip_suffix('.'));
        labels.is_some_and(|labels| are_labels(labels.as_bytes()))
    };
    wide.scheme == narrow.scheme
        && (wide.port == narrow.port || wide.port == Port::Any)
        && match (wide.subdomains, narrow.subdomains) {
            (true, true) => wide.host == narrow.host || is_below(),
            (true, false) => is_below(),
            (false, false) => wide.host == narrow.host,
            (false, true) => false,
        }
        // A port that is spelt out may be the one that browsers leave out.
        && !matches!(narrow.port, Port::Number(_) if wide.port == Port::Any)
}

fn extra(
    element: Element,
    part: Part<'_>,
    own: &OriginSet,
    theirs: Option<&OriginSet>,
) -> Option<Extra> {
    let machine = Machine::of_part(part);
    let others = theirs.map_or_else(Machine::nothing, |set| Machine::near(part, set));
    let is_part = || {
        let meets = |own: bool, theirs: bool| own && theirs;
        !matches!(search(&machine, &others, meets), Found::Nothing)
    };
    match search(&machine, &others, |own, theirs| own && !theirs) {
        Found::Nothing => None,
        // A search for what both have would take as long.
        Found::TooComplex => Some(Extra { element, witness: None, is_part: true }),
        // The shortest is too long for a browser, so all of them are.
        Found::Origin(origin) if is_too_long(&origin) => None,
        Found::Origin(origin) => {
            let is_witness = own.contains(origin.as_bytes())
                && !theirs.is_some_and(|set| set.contains(origin.as_bytes()));
            let witness = is_witness.then_some(origin);
            Some(Extra { element, witness, is_part: is_part() })
        }
    }
}

fn is_too_long(origin: &str) -> bool {
    let authority = origin.split_once("://").map_or(origin, |(_, authority)| authority);
    let host = cut_port(authority.as_bytes()).map_or(authority.len(), |(host, _)| host.len());
    origin.len() > MAX_ORIGIN || host > LONGEST_HOST
}

/// An origin that is none of a set's.
fn stranger(set: Option<&OriginSet>) -> String {
    let usual = ["https://attacker.example", "https://attacker.test", "null", "http://192.0.2.1"];
    let is_stranger = |origin: &&str| !set.is_some_and(|set| set.contains(origin.as_bytes()));
    let numbered = || {
        let count = set.map_or(0, |it| it.exact.origins.len());
        (0..=count).map(|number| format!("http://attacker-{number}.invalid"))
    };
    match usual.iter().find(|it| is_stranger(it)) {
        Some(origin) => (*origin).to_owned(),
        None => numbered().find(|it| is_stranger(&it.as_str())).unwrap_or_default(),
    }
}
