//! A policy around everything that is inside, whatever it is.

use super::endpoint::reject;
use super::reference::{PolicyRef, load_or_panic};
use super::step::{Pending, Reply, Step};
use crate::explain::observe::{Site, observe_later, warn_of_nesting};
use crate::policy::snapshot::Snapshot;
use crate::protocol::nested::Outer;
use crate::protocol::preflight::Preflight;
use crate::protocol::request::RequestHead;

/// A layer or a middleware that was given no routes, and decides by its own policy.
///
/// It answers preflights by its own policy, and runs nothing to find out whether another one is
/// inside. A policy inside of it is strict, and marks its responses; this one leaves those alone.
///
/// # Examples
///
/// See [the module](crate::adapter).
#[derive(Debug, Clone)]
pub struct LayerPolicy {
    policy: PolicyRef,
    explain: bool,
}

impl LayerPolicy {
    /// A layer with this policy.
    ///
    /// # Panics
    ///
    /// If the origins come from the environment, and [cannot be loaded](PolicyRef::load): the
    /// message has all violations.
    #[track_caller]
    pub fn new(policy: impl Into<PolicyRef>) -> Self {
        let policy = policy.into();
        load_or_panic([&policy]);
        Self { policy, explain: false }
    }

    /// Whether rejected preflights are explained: the body has the reason, and a browser's console
    /// names the method or the header. For development: it
    /// shows everyone what a policy allows.
    #[must_use]
    pub fn explain(self, explain: bool) -> Self {
        Self { explain, ..self }
    }

    /// A request to what is inside.
    #[inline]
    pub fn on_request<H: RequestHead>(&self, head: &H) -> Step<H::Value> {
        let Some(policy) = self.policy.resolve(head) else { return Step::PassThrough };
        if let Some(preflight) = Preflight::of(head) {
            return self.on_preflight(&policy, &preflight, head);
        }
        let outer = head.outer();
        let reader = match outer {
            None => policy.reader(head),
            Some(outer) => {
                outer.warn_of("a layer");
                policy.nested_reader(head, outer)
            }
        };
        match reader {
            Ok(reader) => {
                let report = observe_later(&policy, &reader, head, None);
                let report = self.policy.compare_later(report, &policy, head, Site::LAYER);
                Step::Forward(Pending::of_layer(policy, reader, outer.is_some(), report))
            }
            Err(rejection) => {
                self.policy.compare(&policy, head, Site::LAYER);
                reject(&policy, rejection, head, Site::LAYER, self.explain)
            }
        }
    }

    #[cold]
    fn on_preflight<H: RequestHead>(
        &self,
        policy: &Snapshot,
        preflight: &Preflight<'_, H::Value>,
        head: &H,
    ) -> Step<H::Value> {
        let decision = policy.grant(preflight, head, None);
        self.policy.compare_preflight(policy, &decision, preflight, head);
        Step::Respond(Reply::preflight(policy, decision, head, Site::LAYER, self.explain))
    }
}

impl Outer {
    /// Says in the log, once for each handler, that a policy outside of it answers its preflights.
    pub(super) fn warn_of(&self, handler: &str) {
        if self.is_own() {
            warn_of_nesting(handler);
        }
    }
}
