//! Rejections as `tracing` events of the target `cors`, and how many there may be.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::observe::Site;
use super::{Explanation, Nearest, quote, sent};
use crate::policy::Policy;
use crate::protocol::preflight::Preflight;
use crate::protocol::rejection::Rejection;
use crate::protocol::request::{RequestHead, RequestHeader};

/// How many events a handler may produce in a [`WINDOW`].
const EVENTS: u32 = 10;
const WINDOW: Duration = Duration::from_secs(1);

/// The name in place of a handler's where a layer decides.
const LAYER: &str = "layer";

/// What a handler has logged lately.
#[derive(Debug, Default)]
struct Limit {
    start: Option<Instant>,
    events: u32,
    suppressed: u64,
    is_warned: bool,
}

/// The one thing that changes beside the requests: how many events there were lately is a fact about
/// the program's log. It decides about events alone, never about a response. By handler, so that a
/// flood against one does not silence the others. The program names its handlers, so there are no
/// more of these than it has.
static LIMITS: Mutex<BTreeMap<String, Limit>> = Mutex::new(BTreeMap::new());

/// Whether a subscriber takes rejections.
#[inline]
pub(super) fn is_enabled() -> bool {
    tracing::enabled!(target: "cors", tracing::Level::INFO)
}

fn limit<T>(handler: &str, read: impl FnOnce(&mut Limit) -> T) -> T {
    let mut limits = LIMITS.lock().unwrap_or_else(PoisonError::into_inner);
    match limits.get_mut(handler) {
        Some(limit) => read(limit),
        None => read(limits.entry(handler.to_owned()).or_default()),
    }
}

impl Limit {
    fn is_reached(&self) -> bool {
        self.events == EVENTS && self.start.is_some_and(|start| start.elapsed() < WINDOW)
    }
}

/// Whether an event may be sent now, and how many were not before it: a flood of rejections must
/// not become a flood of events, nor cost what it costs to explain them.
fn admit(handler: &str) -> Option<u64> {
    limit(handler, |limit| {
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

fn name<'a>(handler: Option<&'a Cow<'static, str>>) -> &'a str {
    handler.map_or(LAYER, AsRef::as_ref)
}

/// Logs a rejection, if its handler may have one more event.
pub(super) fn log<H: RequestHead>(policy: &Policy, rejection: Rejection, head: &H, site: Site<'_>) {
    if let Some(suppressed) = admit(name(site.handler)) {
        Event::new(policy, rejection, head, site).send(suppressed);
    }
}

/// What is logged once it is known that a decision counts.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "what waits for a response is boxed whole")]
pub(super) enum Later {
    Event(Event),
    /// The handler has had its events when the decision was made.
    Suppressed(Option<Cow<'static, str>>),
}

impl Later {
    pub(super) fn new<H: RequestHead>(
        policy: &Policy,
        rejection: Rejection,
        head: &H,
        site: Site<'_>,
    ) -> Self {
        if limit(name(site.handler), |limit| limit.is_reached()) {
            return Self::Suppressed(site.handler.cloned());
        }
        Self::Event(Event::new(policy, rejection, head, site))
    }

    pub(super) fn send(self) {
        match self {
            Self::Event(event) => {
                if let Some(suppressed) = admit(name(event.handler.as_ref())) {
                    event.send(suppressed);
                }
            }
            Self::Suppressed(handler) => {
                limit(name(handler.as_ref()), |limit| limit.suppressed += 1);
            }
        }
    }
}

/// Says once for each handler that a layer outside of it answers its preflights.
pub(super) fn warn_of_nesting(handler: &str) {
    if tracing::enabled!(target: "cors", tracing::Level::WARN)
        && !limit(handler, |limit| std::mem::replace(&mut limit.is_warned, true))
    {
        tracing::event!(
            target: "cors",
            tracing::Level::WARN,
            handler,
            "a layer or middleware with a policy of its own is around `{handler}`: it answers the \
             preflights, and requests that the inner policy does not allow are rejected; build the \
             app from the list of routes, so that each preflight is answered by its own policy"
        );
    }
}

/// A rejection, as it will be logged.
#[derive(Debug)]
pub(super) struct Event {
    rejection: Rejection,
    why: Explanation,
    origin: String,
    preflight: bool,
    method: String,
    path: String,
    handler: Option<Cow<'static, str>>,
}

impl Event {
    fn new<H: RequestHead>(
        policy: &Policy,
        rejection: Rejection,
        head: &H,
        site: Site<'_>,
    ) -> Self {
        let preflight = Preflight::of(head).is_some();
        Self {
            rejection,
            why: policy.explain_rejection(rejection, head, site.served),
            origin: sent(head, RequestHeader::Origin).0,
            preflight,
            method: if preflight {
                sent(head, RequestHeader::AccessControlRequestMethod).0
            } else {
                quote(head.method().as_bytes())
            },
            path: quote(head.path().as_bytes()),
            handler: site.handler.cloned(),
        }
    }

    fn send(self, suppressed: u64) {
        let Self { rejection, why, origin, preflight, method, path, handler } = self;
        let handler = handler.as_deref();
        tracing::event!(
            target: "cors",
            tracing::Level::INFO,
            reason = rejection.as_str(),
            origin,
            preflight,
            method,
            path,
            handler,
            nearest = why.nearest().map(Nearest::origin),
            suppressed,
            "{why}"
        );
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_flood_is_counted_and_silences_no_other_handler() {
        let events = (0..1000).filter(|_| super::admit("flooded").is_some()).count();
        assert!((10..=30).contains(&events), "{events} events");
        assert_eq!(super::admit("another"), Some(0));
    }
}
