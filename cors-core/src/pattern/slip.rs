//! Places that look like a slip: a dot that was not escaped, or one that is missing before the
//! domain. Those are never meant, so no danger covers them.

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
/// - Where there are many top-level domains that do not exist, a dot was not escaped.
/// - Below a top-level domain a pattern may mean all names, but not all that end in `example`.
/// - Below a suffix of several labels, such as that of a hosting company, a pattern may mean all names
///   that end in `-example`; but `anyexample` is meant to be `any.example`.
pub(super) fn among<'p>(backwards: &Backwards<'_>, open: &'p [Place]) -> Vec<&'p Place> {
    let unlisted = open.iter().filter(|place| is_unlisted(&place.name)).count();
    let looks_like_one = |place: &&Place| {
        place.name.is_empty()
            || (is_unlisted(&place.name) && unlisted > FEW_TOP_LEVELS)
            || has_narrow_end(backwards, place)
            || lacks_a_dot(backwards, place)
    };
    open.iter().filter(looks_like_one).collect()
}

/// The places below which several names can be listed, such as those of previews, without a slip.
pub(super) fn not_among<'p>(backwards: &Backwards<'_>, listed: &'p [Place]) -> Vec<&'p Place> {
    let is_meant = |place: &&Place| {
        !place.name.is_empty()
            && !is_unlisted(&place.name)
            && !has_narrow_end(backwards, place)
            && !lacks_a_dot(backwards, place)
            && !has_unescaped_dot(backwards, place)
    };
    listed.iter().filter(is_meant).collect()
}

/// Whether a name is a top-level domain that does not exist.
fn is_unlisted(name: &str) -> bool {
    !name.is_empty() && !name.contains('.') && Node::root().step(name).is_none()
}

/// Whether few letters may stand before a top-level domain.
fn has_narrow_end(backwards: &Backwards<'_>, place: &Place) -> bool {
    !place.name.contains('.') && is_narrow(&steps(backwards, &place.states))
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
fn lacks_a_dot(backwards: &Backwards<'_>, place: &Place) -> bool {
    wide_places(backwards, &place.states).iter().any(|wide| {
        let goes_on = wide.steps.iter().any(|(byte, _)| byte.is_ascii_alphanumeric());
        wide.length >= SHORTEST_DOMAIN && wide.last.is_ascii_alphanumeric() && goes_on
    })
}

/// Whether the same part of the pattern takes a dot and a letter or digit.
fn has_unescaped_dot(backwards: &Backwards<'_>, place: &Place) -> bool {
    wide_places(backwards, &place.states).iter().any(|wide| {
        let before_dot = backwards.read(&wide.states, b'.');
        let letters = wide.steps.iter().filter(|(byte, _)| byte.is_ascii_alphanumeric());
        letters.flat_map(|(_, states)| states).any(|state| before_dot.contains(state))
    })
}

/// A place in a label where many bytes may stand, for the first time from the right.
struct Wide {
    states: Set,
    steps: Vec<(u8, Set)>,
    /// How many bytes stand to the right, and the nearest of them.
    length: usize,
    last: u8,
}

fn wide_places(backwards: &Backwards<'_>, end: &Set) -> Vec<Wide> {
    let mut found = Vec::new();
    let mut seen = vec![end.clone()];
    let mut open = vec![(end.clone(), 0, b'-')];
    while let Some((states, length, last)) = open.pop() {
        let steps = steps(backwards, &states);
        if !is_narrow(&steps) {
            found.push(Wide { states, steps, length, last });
            continue;
        }
        for (byte, states) in steps {
            if seen.len() < MAX_SETS && !seen.contains(&states) {
                seen.push(states.clone());
                open.push((states, length + 1, byte));
            }
        }
    }
    found
}
