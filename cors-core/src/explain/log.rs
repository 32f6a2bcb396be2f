//! Rejections, and what a candidate would do otherwise, as `tracing` events of the target `cors`.

use std::borrow::Cow;
use std::fmt;

use super::difference::{Difference, Effect, Reason};
use super::limit::{Kind, admit, is_first_warning, is_reached, suppress};
use super::observe::Site;
use super::{Explanation, Nearest, quote, sent};
use crate::policy::Policy;
use crate::protocol::preflight::Preflight;
use crate::protocol::rejection::Rejection;
use crate::protocol::request::{RequestHead, RequestHeader};

/// The name in place of a handler's where a layer decides.
const LAYER: &str = "layer";

/// Whether a subscriber takes the events.
#[inline]
pub(super) fn is_enabled() -> bool {
    tracing::enabled!(target: "cors", tracing::Level::INFO)
}

/// What an event is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Finding<'a> {
    /// A policy has rejected a request.
    Rejected(&'a Policy, Rejection),
    /// A candidate would decide otherwise than the policy in force.
    Differs(Difference<'a>),
}

impl Finding<'_> {
    const fn kind(self) -> Kind {
        match self {
            Self::Rejected(..) => Kind::Rejection,
            Self::Differs(difference) => Kind::Difference(difference.effect),
        }
    }
}

fn name<'a>(handler: Option<&'a Cow<'static, str>>) -> &'a str {
    handler.map_or(LAYER, AsRef::as_ref)
}

/// Logs a finding, if its handler may have one more event of the kind.
pub(super) fn log<H: RequestHead>(finding: Finding<'_>, head: &H, site: Site<'_>) {
    if let Some(suppressed) = admit(name(site.handler), finding.kind()) {
        Event::new(finding, head, site).send(suppressed);
    }
}

/// What is logged once it is known that a decision counts.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "what waits for a response is boxed whole")]
pub(super) enum Later {
    Event(Event),
    /// The handler has had its events when the decision was made.
    Suppressed(Option<Cow<'static, str>>, Kind),
}

impl Later {
    pub(super) fn new<H: RequestHead>(finding: Finding<'_>, head: &H, site: Site<'_>) -> Self {
        if is_reached(name(site.handler), finding.kind()) {
            return Self::Suppressed(site.handler.cloned(), finding.kind());
        }
        Self::Event(Event::new(finding, head, site))
    }

    pub(super) fn send(self) {
        match self {
            Self::Event(event) => {
                if let Some(suppressed) = admit(name(event.handler.as_ref()), event.what.kind()) {
                    event.send(suppressed);
                }
            }
            Self::Suppressed(handler, kind) => suppress(name(handler.as_ref()), kind),
        }
    }
}

/// Says once for each handler that a layer outside of it answers its preflights.
pub(super) fn warn_of_nesting(handler: &str) {
    if tracing::enabled!(target: "cors", tracing::Level::WARN) && is_first_warning(handler) {
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

/// A finding, as it will be logged.
#[derive(Debug)]
pub(super) struct Event {
    what: What,
    origin: String,
    preflight: bool,
    method: String,
    path: String,
    handler: Option<Cow<'static, str>>,
}

#[derive(Debug)]
enum What {
    Rejected(Rejection, Explanation),
    Differs(Effect, Reason, Option<Explanation>),
}

impl What {
    fn new<H: RequestHead>(finding: Finding<'_>, head: &H, site: Site<'_>) -> Self {
        match finding {
            Finding::Rejected(policy, rejection) => {
                Self::Rejected(rejection, policy.explain_rejection(rejection, head, site.served))
            }
            Finding::Differs(difference) => {
                let why = difference.explain(head, site.served);
                Self::Differs(difference.effect, difference.reason, why)
            }
        }
    }

    const fn kind(&self) -> Kind {
        match self {
            Self::Rejected(..) => Kind::Rejection,
            Self::Differs(effect, ..) => Kind::Difference(*effect),
        }
    }
}

impl Event {
    fn new<H: RequestHead>(finding: Finding<'_>, head: &H, site: Site<'_>) -> Self {
        let preflight = Preflight::of(head).is_some();
        Self {
            what: What::new(finding, head, site),
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
        let Self { what, origin, preflight, method, path, handler } = self;
        let handler = handler.as_deref();
        match what {
            What::Rejected(rejection, why) => tracing::event!(
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
            ),
            What::Differs(effect, reason, why) => tracing::event!(
                target: "cors",
                tracing::Level::INFO,
                difference = effect.as_str(),
                reason = reason.as_str(),
                origin,
                preflight,
                method,
                path,
                handler,
                nearest = why.as_ref().and_then(Explanation::nearest).map(Nearest::origin),
                suppressed,
                "{effect}{}",
                Because { effect, reason, why: why.as_ref() }
            ),
        }
    }
}

/// Why one of two policies allows less, behind what they do.
struct Because<'a> {
    effect: Effect,
    reason: Reason,
    why: Option<&'a Explanation>,
}

impl fmt::Display for Because<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let narrower =
            if self.effect.is_narrower() { "the candidate" } else { "the policy in force" };
        match (self.reason, self.why, self.effect) {
            (_, Some(why), _) => write!(f, ": {why}"),
            (Reason::Credentials, None, Effect::Reject | Effect::Allow) => {
                write!(f, ": the request has cookies, and {narrower} has no `credentials`")
            }
            (Reason::PrivateNetwork, None, _) => {
                write!(
                    f,
                    ": the page asks for a private network, and {narrower} has no `private_network`"
                )
            }
            (Reason::Credentials | Reason::Rejection(_), None, _) => Ok(()),
        }
    }
}
