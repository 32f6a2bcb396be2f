//! Open places that look like a slip: a dot that was not escaped, or one that is missing before the
//! domain. Nobody means those, so no danger covers them.

use super::sites::{Backwards, Place, Set};
use crate::origin::suffix::Node;

/// How many bytes may be read in a place where only a few names are meant.
const FEW: usize = 4;

/// How many names without a dot, that no list knows, may stand at the end of hosts on purpose.
const FEW_TOP_LEVELS: usize = 4;

/// How long what follows an open part has to be to look like a domain.
const SHORTEST_DOMAIN: usize = 3;

/// How many sets of states are looked at for each place.
const MAX_SETS: usize = 1000;

/// The open places that look like a slip.
///
/// - Where the top-level domain is open, the end of the pattern is.
/// - Where there are many top-level domains that nobody knows, a dot was not escaped.
/// - Below a top-level domain somebody may mean all names, but not all that end in `example`.
/// - Below a suffix of several labels, such as that of a hosting company, somebody may mean all names
///   that end in `-example`; but `anyexample` is meant to be `any.example`.
pub(super) fn among<'p>(backwards: &Backwards<'_>, open: &'p [Place]) -> Vec<&'p Place> {
    let is_unlisted =
        |name: &str| !name.is_empty() && !name.contains('.') && Node::root().step(name).is_none();
    let unlisted = open.iter().filter(|place| is_unlisted(&place.name)).count();
    let looks_like_one = |place: &&Place| {
        let name = &place.name;
        name.is_empty()
            || (is_unlisted(name) && unlisted > FEW_TOP_LEVELS)
            || (!name.contains('.') && is_narrow(&steps(backwards, &place.states)))
            || lacks_a_dot(backwards, &place.states)
    };
    open.iter().filter(looks_like_one).collect()
}

/// The bytes that may stand to the left within the label, each with the states where it does.
fn steps(backwards: &Backwards<'_>, states: &Set) -> Vec<(u8, Set)> {
    let steps = backwards.steps(states).into_iter();
    let bytes = steps.flat_map(|(class, states)| {
        let members = backwards.members(class).iter().copied();
        members.filter(|&byte| byte != b'.').map(move |byte| (byte, states.clone()))
    });
    bytes.collect()
}

fn is_narrow(steps: &[(u8, Set)]) -> bool {
    steps.len() <= FEW
}

/// Whether a label ends in a name with a letter or digit in front that may be any.
fn lacks_a_dot(backwards: &Backwards<'_>, states: &Set) -> bool {
    let mut seen = vec![states.clone()];
    let mut open = vec![(states.clone(), 0, b'-')];
    while let Some((states, length, last)) = open.pop() {
        let steps = steps(backwards, &states);
        if !is_narrow(&steps) {
            let goes_on = steps.iter().any(|(byte, _)| byte.is_ascii_alphanumeric());
            if length >= SHORTEST_DOMAIN && last.is_ascii_alphanumeric() && goes_on {
                return true;
            }
            continue;
        }
        for (byte, states) in steps {
            if seen.len() < MAX_SETS && !seen.contains(&states) {
                seen.push(states.clone());
                open.push((states, length + 1, byte));
            }
        }
    }
    false
}
