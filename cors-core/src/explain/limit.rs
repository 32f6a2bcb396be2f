//! How many events there may be.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::difference::Effect;

/// How many events of a kind a handler may produce in a [`WINDOW`].
const EVENTS: u32 = 10;
const WINDOW: Duration = Duration::from_secs(1);

/// What an event is about. Each kind has a limit of its own, so that a flood of one does not silence
/// another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Rejection,
    Difference(Effect),
}

/// What a handler has logged lately.
#[derive(Debug, Default)]
struct Limits {
    kinds: BTreeMap<Kind, Limit>,
    is_warned: bool,
}

#[derive(Debug, Default)]
struct Limit {
    start: Option<Instant>,
    events: u32,
    suppressed: u64,
}

/// The one thing that changes beside the requests: how many events there were lately is a fact about
/// the program's log. It decides about events alone, never about a response. By handler, so that a
/// flood against one does not silence the others. The program names its handlers, so there are no
/// more of these than it has.
static LIMITS: Mutex<BTreeMap<String, Limits>> = Mutex::new(BTreeMap::new());

fn limits<T>(handler: &str, read: impl FnOnce(&mut Limits) -> T) -> T {
    let mut all = LIMITS.lock().unwrap_or_else(PoisonError::into_inner);
    match all.get_mut(handler) {
        Some(limits) => read(limits),
        None => read(all.entry(handler.to_owned()).or_default()),
    }
}

fn limit<T>(handler: &str, kind: Kind, read: impl FnOnce(&mut Limit) -> T) -> T {
    limits(handler, |limits| read(limits.kinds.entry(kind).or_default()))
}

impl Limit {
    fn is_reached(&self) -> bool {
        self.events == EVENTS && self.start.is_some_and(|start| start.elapsed() < WINDOW)
    }
}

/// Whether an event may be sent now, and how many were not before it: a flood of requests must
/// not become a flood of events, nor cost what it costs to explain them.
pub(super) fn admit(handler: &str, kind: Kind) -> Option<u64> {
    limit(handler, kind, |limit| {
        if limit.is_reached() {
            limit.suppressed += 1;
            return None;
        }
        if limit.start.is_none_or(|start| start.elapsed() >= WINDOW) {
            limit.start = Some(Instant::now());
            limit.events = 0;
        }
        limit.events += 1;
        Some(std::mem::take(&mut limit.suppressed))
    })
}

/// Whether no event may be sent now.
pub(super) fn is_reached(handler: &str, kind: Kind) -> bool {
    limit(handler, kind, |limit| limit.is_reached())
}

/// Counts an event that was not sent.
pub(super) fn suppress(handler: &str, kind: Kind) {
    limit(handler, kind, |limit| limit.suppressed += 1);
}

/// Forgets what was logged.
#[cfg(feature = "testing")]
pub(crate) fn forget() {
    LIMITS.lock().unwrap_or_else(PoisonError::into_inner).clear();
}

/// Whether a handler is warned of for the first time.
pub(super) fn is_first_warning(handler: &str) -> bool {
    limits(handler, |limits| !std::mem::replace(&mut limits.is_warned, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_counted_and_silences_nothing_else() {
        let of = Kind::Difference;
        let flooded = of(Effect::Reject);
        let events = (0..1000).filter(|_| admit("flooded", flooded).is_some()).count();
        assert!((10..=30).contains(&events), "{events} events");
        assert_eq!(admit("another", flooded), Some(0));
        assert_eq!(admit("flooded", Kind::Rejection), Some(0));
        assert_eq!(admit("flooded", of(Effect::AllowCredentials)), Some(0));

        let events = (0..1000).filter(|_| admit("rejecting", Kind::Rejection).is_some()).count();
        assert!((10..=30).contains(&events), "{events} events");
        assert_eq!(admit("rejecting", flooded), Some(0));
    }
}
