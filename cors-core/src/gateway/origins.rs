//! The origins of a policy as regular expressions, each of a length that a target reads.

use super::regex::{self, Dialect, LONGEST};
use crate::origin::set::OriginSet;
use crate::policy::Policy;

/// The origins of a policy in the notation of a target.
pub(super) struct Expressions {
    /// Each for whole origins, without anchors.
    pub(super) regexes: Vec<String>,
    /// The patterns that are too long to be written. Leaving them out allows less.
    pub(super) left_out: Vec<String>,
}

/// The origins of a policy that is neither public nor none.
pub(super) fn expressions(policy: &Policy, dialect: Dialect) -> Expressions {
    let mut found = Expressions { regexes: Vec::new(), left_out: Vec::new() };
    let Some(set) = policy.parts().origins.set() else { return found };
    let mut each = literals(set, dialect);
    for pattern in set.patterns.as_slice() {
        match regex::pattern(&pattern.table) {
            Some(regex) => each.push(regex),
            None => found.left_out.push(pattern.source.clone().into_owned()),
        }
    }
    for regex in each {
        match found.regexes.last_mut().filter(|it| it.len() + regex.len() < LONGEST) {
            Some(others) => {
                others.push('|');
                others.push_str(&regex);
            }
            None => found.regexes.push(regex),
        }
    }
    found
}

fn literals(set: &OriginSet, dialect: Dialect) -> Vec<String> {
    let exact = set.exact.origins.iter().map(regex::text);
    let wildcards = set.wildcards.list.iter().map(|it| regex::wildcard(it, dialect));
    exact.chain(wildcards).collect()
}
