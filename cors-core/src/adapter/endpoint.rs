//! A handler with its policy.

use std::borrow::Cow;
use std::panic::Location;

use super::reference::PolicyRef;
use super::step::{Pending, Reply, Step};
use crate::explain::observe::{Outcome, Site, observe, observe_reader};
use crate::header::value::Wire;
use crate::policy::snapshot::Snapshot;
use crate::protocol::actual::Reader;
use crate::protocol::nested::{EndpointId, Outer};
use crate::protocol::partial::Partial;
use crate::protocol::rejection::Rejection;
use crate::protocol::request::RequestHead;
use crate::protocol::write::Vary;

/// A handler with its policy, and where it was declared.
///
/// # Examples
///
/// ```
/// use cors_core::Policy;
/// use cors_core::adapter::Endpoint;
///
/// let policy = Policy::builder().origins(["*"]).build()?;
/// let endpoint = Endpoint::new("app::get_user", "src/app.rs:12", policy);
/// assert_eq!(endpoint.handler(), "app::get_user");
/// # Ok::<(), cors_core::Violations>(())
/// ```
#[derive(Debug, Clone)]
pub struct Endpoint {
    handler: Cow<'static, str>,
    location: Cow<'static, str>,
    policy: PolicyRef,
}

impl Endpoint {
    /// A handler by its path in the program, and the file and the line of its declaration.
    pub fn new(
        handler: impl Into<Cow<'static, str>>,
        location: impl Into<Cow<'static, str>>,
        policy: impl Into<PolicyRef>,
    ) -> Self {
        let (handler, location) = (handler.into(), location.into());
        Self { handler, location, policy: policy.into() }
    }

    /// A handler that has no path of its own, such as a closure: it is registered at the place
    /// of the caller.
    #[track_caller]
    pub fn registered<H>(policy: impl Into<PolicyRef>) -> Self {
        let location = Location::caller();
        let location = format!("{}:{}", location.file(), location.line());
        Self::new(std::any::type_name::<H>(), location, policy)
    }

    /// The handler, by its path in the program.
    #[must_use]
    pub fn handler(&self) -> &str {
        &self.handler
    }

    /// The file and the line of its declaration.
    #[must_use]
    pub fn location(&self) -> &str {
        &self.location
    }

    /// The policy.
    #[must_use]
    pub const fn policy(&self) -> &PolicyRef {
        &self.policy
    }

    pub(crate) const fn handler_name(&self) -> &Cow<'static, str> {
        &self.handler
    }

    /// A request that the framework has routed to the handler.
    #[inline]
    pub fn on_request<H: RequestHead>(
        &self,
        id: EndpointId,
        head: &H,
        explain: bool,
    ) -> Step<H::Value> {
        let outer = head.outer();
        if let Some(outer) = outer.filter(|outer| outer.is_of(id)) {
            return Step::Forward(Pending::of_decided(id, outer));
        }
        let Some(policy) = self.policy.resolve_alone(head) else {
            return self.on_others(id, outer, head, explain);
        };
        if let Some(outer) = outer {
            return self.on_nested(policy, id, outer, head, explain);
        }
        let decided = policy.reader(head);
        self.decided(policy, id, decided, false, head, explain)
    }

    /// The handler handles CORS itself, or a candidate is beside its policy; apart, so that neither
    /// costs the others anything.
    #[cold]
    fn on_others<H: RequestHead>(
        &self,
        id: EndpointId,
        outer: Option<Outer>,
        head: &H,
        explain: bool,
    ) -> Step<H::Value> {
        let Some(policy) = self.policy.resolve(head) else { return Self::on_delegated(id, outer) };
        if let Some(outer) = outer {
            return self.on_nested(policy, id, outer, head, explain);
        }
        self.policy.compare(&policy, head, self.site());
        let decided = policy.reader(head);
        self.decided(policy, id, decided, false, head, explain)
    }

    /// A decision as a step.
    #[inline]
    fn decided<H: RequestHead>(
        &self,
        policy: Snapshot,
        id: EndpointId,
        decided: Result<Reader<H::Value>, Rejection>,
        is_nested: bool,
        head: &H,
        explain: bool,
    ) -> Step<H::Value> {
        match decided {
            Ok(reader) => {
                observe_reader(&policy, &reader, head, &self.handler);
                Step::Forward(Pending::of_handler(policy, id, reader, is_nested))
            }
            Err(rejection) => reject(&policy, rejection, head, self.site(), explain),
        }
    }

    /// The handler handles CORS itself, and a policy outside leaves its response alone.
    #[cold]
    fn on_delegated<V: Wire>(id: EndpointId, outer: Option<Outer>) -> Step<V> {
        outer.map_or(Step::PassThrough, |_| Step::Forward(Pending::of_delegated(id)))
    }

    /// Inside of another policy.
    #[cold]
    fn on_nested<H: RequestHead>(
        &self,
        policy: Snapshot,
        id: EndpointId,
        outer: Outer,
        head: &H,
        explain: bool,
    ) -> Step<H::Value> {
        outer.warn_of(&self.handler);
        self.policy.compare(&policy, head, self.site());
        let decided = policy.nested_reader(head, outer);
        self.decided(policy, id, decided, true, head, explain)
    }

    fn site(&self) -> Site<'_> {
        Site { handler: Some(&self.handler), served: None }
    }
}

/// Rejects an actual request.
#[cold]
pub(super) fn reject<V: Wire, H: RequestHead<Value = V>>(
    policy: &Snapshot,
    rejection: Rejection,
    head: &H,
    site: Site<'_>,
    explain: bool,
) -> Step<V> {
    Step::Respond(Reply::reject(policy, rejection, Vary::Origin, None, head, site, explain))
}

impl<V: Wire> Reply<V> {
    /// The reply to what is rejected, with what is logged and counted of it.
    #[cold]
    pub(super) fn reject<H: RequestHead<Value = V>>(
        policy: &Snapshot,
        rejection: Rejection,
        vary: Vary,
        partial: Option<Partial<V>>,
        head: &H,
        site: Site<'_>,
        explain: bool,
    ) -> Self {
        let body =
            explain.then(|| policy.explain_rejection(rejection, head, site.served).into_body());
        observe(policy, Outcome::Rejected(rejection), head, site);
        Self::rejected(vary, policy.vary().cloned(), partial, body, head.outer().is_some())
    }
}
