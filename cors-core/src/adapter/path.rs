//! Everything that is registered on one path.

use super::candidate::{Granted, Side, compare_grants};
use super::endpoint::reject;
use super::layer::LayerPolicy;
use super::step::{Pending, Reply, Step};
use super::table::{Methods, Route};
use crate::explain::observe::{Outcome, Site, is_observed, observe, observe_later};
use crate::header::value::{Value, Wire};
use crate::policy::snapshot::Snapshot;
use crate::protocol::actual::{Reader, agree};
use crate::protocol::preflight::{Grant, Preflight};
use crate::protocol::rejection::Rejection;
use crate::protocol::request::RequestHead;
use crate::protocol::write::Vary;

/// The routes of one path: which of them a request belongs to, and what they agree on.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "http1")] {
/// use cors_core::Policy;
/// use cors_core::adapter::{Endpoint, EndpointId, Methods, PathRoutes, Route};
///
/// let policy = Policy::builder().origins(["https://app.example.com"]).build().unwrap();
/// let routes = PathRoutes::new(vec![Route::new(
///     "/users",
///     Methods::of(&["PUT"]),
///     EndpointId::unique(),
///     Endpoint::new("app::users", "src/app.rs:12", policy),
/// )]);
/// let request = http::Request::options("/users")
///     .header("origin", "https://app.example.com")
///     .header("access-control-request-method", "PUT")
///     .body(())
///     .unwrap();
/// assert_eq!(routes.on_options(&request, false).status(), 204);
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct PathRoutes {
    routes: Vec<Route>,
}

impl PathRoutes {
    /// The routes of one path, in the order in which the framework tries them.
    #[must_use]
    pub const fn new(routes: Vec<Route>) -> Self {
        Self { routes }
    }

    /// The routes.
    #[must_use]
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// Adds a route, which the framework tries after the others.
    pub fn push(&mut self, route: Route) {
        self.routes.push(route);
    }

    /// An `OPTIONS` request that no handler of the user's is for: a preflight, by the policy of
    /// the handler that the actual request would reach; else the methods of the path.
    pub fn on_options<H: RequestHead>(&self, head: &H, explain: bool) -> Reply<H::Value> {
        if let Some(reply) = self.on_preflight(head, explain) {
            return reply;
        }
        Reply::options(self.allow(), agree(self.policies(head), head))
    }

    /// A preflight, by the policy of the handler that the actual request would reach; `None` for
    /// any other request, and if that handler handles CORS itself.
    ///
    /// Where guards choose between several handlers, it is allowed only if each of their policies
    /// allows it.
    pub fn on_preflight<H: RequestHead>(&self, head: &H, explain: bool) -> Option<Reply<H::Value>> {
        let preflight = Preflight::of(head)?;
        self.reply(&preflight, head, explain)
    }

    /// A preflight that would be answered here, if it were known that no other handler of the
    /// program serves the method first.
    pub fn on_unknown<H: RequestHead>(&self, head: &H, explain: bool) -> Option<Reply<H::Value>> {
        let preflight = Preflight::of(head)?;
        let route = self.meant_by(preflight.method()).next().or_else(|| self.routes.first())?;
        let policy = route.endpoint.policy().resolve(head)?;
        let decision = Err(Rejection::Unknown);
        Some(Reply::preflight(&policy, decision, head, route.site(), explain))
    }

    /// A request for a method that no handler of the path serves: its response gets what all
    /// policies of the path agree on. It is rejected where each of them would reject it.
    pub fn on_unserved<H: RequestHead>(&self, head: &H) -> Step<H::Value> {
        match self.rejected_by_all(head) {
            Some((route, policy, rejection)) => {
                reject(&policy, rejection, head, route.site(), false)
            }
            None => self.unserved(head, None),
        }
    }

    fn rejected_by_all<H: RequestHead>(&self, head: &H) -> Option<(&Route, Snapshot, Rejection)> {
        let rejected = |route: &Route| {
            let policy = route.endpoint.policy().resolve(head)?;
            let rejection = policy.reader(head).err()?;
            Some((policy, rejection))
        };
        let first = self.routes.first()?;
        let (policy, rejection) = rejected(first)?;
        let by_all = self.routes.iter().skip(1).all(|it| rejected(it).is_some());
        by_all.then_some((first, policy, rejection))
    }

    fn unserved<H: RequestHead>(
        &self,
        head: &H,
        statuses: Option<&'static [u16]>,
    ) -> Step<H::Value> {
        match agree(self.policies(head), head) {
            Some(agreement) => {
                let is_nested = head.outer().is_some();
                Step::Forward(Pending::of_unserved(agreement, statuses, is_nested))
            }
            None => Step::PassThrough,
        }
    }

    /// `None` if the handler handles CORS itself.
    #[cold]
    fn reply<H: RequestHead>(
        &self,
        preflight: &Preflight<'_, H::Value>,
        head: &H,
        explain: bool,
    ) -> Option<Reply<H::Value>> {
        match self.decision(Side::InForce, preflight, head) {
            Decided::Unserved => self.reject_method(head, explain),
            Decided::Delegated => None,
            Decided::By(route, decision) => {
                if is_observed()
                    && self.has_candidate(preflight.method())
                    && let Decided::By(other, candidate) =
                        self.decision(Side::Candidate, preflight, head)
                {
                    compare_grants(decision.granted(route), candidate.granted(other), head);
                }
                Some(decision.reply(route, head, explain))
            }
        }
    }

    /// What the policies of the handlers that a preflight may be for agree on.
    fn decision<H: RequestHead>(
        &self,
        side: Side,
        preflight: &Preflight<'_, H::Value>,
        head: &H,
    ) -> Decided<'_, H::Value> {
        let mut routes = self.meant_by(preflight.method());
        let Some(first) = routes.next() else { return Decided::Unserved };
        let Some(mut decision) = Decision::of(first, side, preflight, head) else {
            return Decided::Delegated;
        };
        let mut decided_by = first;
        // The framework tries no other after one without a guard.
        let mut is_last = !first.is_guarded;
        while !is_last
            && let Some(next) = routes.next()
            && let Ok(grant) = decision.outcome
        {
            let Some(other) = Decision::of(next, side, preflight, head) else {
                return Decided::Delegated;
            };
            decision = if let Ok(other) = other.outcome {
                Decision { outcome: Ok(grant.and(other)), ..decision }
            } else {
                decided_by = next;
                other
            };
            is_last = !next.is_guarded;
        }
        Decided::By(decided_by, decision)
    }

    /// The reply to a preflight for one of these handlers, or for one of a route on another path
    /// that may match the same request. `None` unless all of their policies allow it, or none does.
    pub(super) fn reply_with<'r, H: RequestHead>(
        &self,
        rivals: impl Iterator<Item = &'r Route> + Clone,
        preflight: &Preflight<'_, H::Value>,
        head: &H,
        explain: bool,
    ) -> Option<Reply<H::Value>> {
        let (route, decision) =
            self.decision_with(rivals.clone(), Side::InForce, preflight, head)?;
        let is_compared = is_observed()
            && (self.has_candidate(preflight.method())
                || rivals.clone().any(|it| it.endpoint.policy().candidate().is_some()));
        if is_compared
            && let Some((other, candidate)) =
                self.decision_with(rivals, Side::Candidate, preflight, head)
        {
            compare_grants(decision.granted(route), candidate.granted(other), head);
        }
        Some(decision.reply(route, head, explain))
    }

    fn decision_with<'r, H: RequestHead>(
        &self,
        rivals: impl Iterator<Item = &'r Route>,
        side: Side,
        preflight: &Preflight<'_, H::Value>,
        head: &H,
    ) -> Option<(&Route, Decision<H::Value>)> {
        let Decided::By(decided_by, mut decision) = self.decision(side, preflight, head) else {
            return None;
        };
        for rival in rivals {
            let other = Decision::of(rival, side, preflight, head)?;
            decision.outcome = match (decision.outcome, other.outcome) {
                (Ok(one), Ok(other)) => Ok(one.and(other)),
                (Err(rejection), Err(_)) => Err(rejection),
                (Ok(_), Err(_)) | (Err(_), Ok(_)) => return None,
            };
        }
        Some((decided_by, decision))
    }

    /// Whether one of the policies that decide about a preflight for a method has a candidate.
    fn has_candidate(&self, method: &[u8]) -> bool {
        self.meant_by(method).any(|it| it.endpoint.policy().candidate().is_some())
    }

    /// No handler serves the method, so no policy allows it. `None` if no handler of the path has a
    /// policy.
    fn reject_method<H: RequestHead>(&self, head: &H, explain: bool) -> Option<Reply<H::Value>> {
        let mut served = Vec::new();
        if explain || is_observed() {
            let methods = self.routes.iter().filter_map(|it| it.served.served());
            served.extend(methods.flatten().cloned());
        }
        let site = Site { handler: None, served: Some(&served) };
        let agreement = agree(self.policies(head), head)?;
        // Only an origin that all of them allow learns which methods are served.
        let is_allowed = matches!(agreement.reader, Reader::Any | Reader::One(_));
        let decision = Err(Rejection::Method);
        Some(Reply::preflight(&agreement.policy, decision, head, site, explain && is_allowed))
    }

    /// A request around a handler, which the framework has not run yet.
    pub(super) fn on_request<H: RequestHead>(
        &self,
        head: &H,
        default: Option<&LayerPolicy>,
        explain: bool,
    ) -> Step<H::Value> {
        if let Some(preflight) = Preflight::of(head) {
            return match default {
                // The path may have other handlers, which have no policy of their own.
                Some(default) if !self.is_served(&preflight) => default.on_request(head),
                _ => self.reply(&preflight, head, explain).map_or(Step::PassThrough, Step::Respond),
            };
        }
        match (self.sole(head.method().as_bytes()), default) {
            (Some(route), _) => on_route(route, head, explain),
            (None, Some(default)) => default.on_request(head),
            (None, None) => self.unserved(head, Some(&[405])),
        }
    }

    /// Whether a handler serves the requested method of a preflight.
    pub(super) fn is_served<V: Wire>(&self, preflight: &Preflight<'_, V>) -> bool {
        self.meant_by(preflight.method()).next().is_some()
    }

    /// The handler of a method, if there is only one, and no guard may choose another. The case
    /// counts, as it does for the framework.
    pub(super) fn sole(&self, method: &[u8]) -> Option<&Route> {
        let route = self.routes.iter().find(|it| it.served.contains(method));
        route.filter(|it| !it.is_guarded)
    }

    /// The routes that a preflight for a method is for.
    pub(super) fn meant_by<'r>(&'r self, method: &[u8]) -> impl Iterator<Item = &'r Route> {
        let is_served = self.routes.iter().any(|it| it.served.contains(method));
        self.routes.iter().filter(move |it| {
            if is_served {
                it.served.contains(method)
            } else {
                // A method in the wrong case is rejected by the policy of the handler that it is
                // meant for, which has the reason.
                it.served.served().is_some_and(|it| {
                    it.iter().any(|it| it.as_bytes().eq_ignore_ascii_case(method))
                })
            }
        })
    }

    /// The policies of the handlers that have one.
    pub(super) fn policies<H: RequestHead>(&self, head: &H) -> impl Iterator<Item = Snapshot> {
        self.routes.iter().filter_map(|it| it.endpoint.policy().resolve(head))
    }

    /// The value of `Allow`.
    fn allow(&self) -> Value {
        let mut methods: Vec<&str> = vec!["OPTIONS"];
        for route in &self.routes {
            let Methods::These(served) = &route.served else { continue };
            for method in served {
                if !methods.contains(&&**method) {
                    methods.push(method);
                }
            }
        }
        Value::from_text(methods.join(",")).unwrap_or(Value::from_static("OPTIONS"))
    }
}

/// Who decides about a preflight.
enum Decided<'r, V> {
    /// No handler serves the method.
    Unserved,
    /// The handler handles CORS itself.
    Delegated,
    By(&'r Route, Decision<V>),
}

/// What a policy decides about a preflight.
struct Decision<V> {
    policy: Snapshot,
    outcome: Result<Grant<V>, Rejection>,
}

impl<V: Wire> Decision<V> {
    /// `None` if the handler handles CORS itself.
    fn of<H: RequestHead<Value = V>>(
        route: &Route,
        side: Side,
        preflight: &Preflight<'_, V>,
        head: &H,
    ) -> Option<Self> {
        let policy = route.endpoint.policy().resolve_on(side, head)?;
        let outcome = policy.grant(preflight, head, route.served.served());
        Some(Self { policy, outcome })
    }

    fn granted<'a>(&'a self, route: &'a Route) -> Granted<'a, V> {
        (&self.policy, &self.outcome, route.site())
    }

    fn reply<H: RequestHead<Value = V>>(self, route: &Route, head: &H, explain: bool) -> Reply<V> {
        Reply::preflight(&self.policy, self.outcome, head, route.site(), explain)
    }
}

/// An actual request to a route, around the layers between here and its handler.
#[inline]
fn on_route<H: RequestHead>(route: &Route, head: &H, explain: bool) -> Step<H::Value> {
    let Route { id, endpoint, .. } = route;
    let outer = head.outer();
    if outer.is_some_and(|outer| outer.is_of(*id)) {
        return Step::PassThrough;
    }
    let Some(policy) = endpoint.policy().resolve(head) else { return Step::PassThrough };
    let reader = match outer {
        None => policy.reader(head),
        Some(outer) => {
            outer.warn_of(endpoint.handler_name());
            policy.nested_reader(head, outer)
        }
    };
    match reader {
        Ok(reader) => {
            let report = observe_later(&policy, &reader, head, Some(endpoint.handler_name()));
            let report = endpoint.policy().compare_later(report, &policy, head, route.site());
            Step::Forward(Pending::of_route(policy, *id, reader, outer.is_some(), report))
        }
        Err(rejection) => {
            endpoint.policy().compare(&policy, head, route.site());
            reject(&policy, rejection, head, route.site(), explain)
        }
    }
}

impl<V: Wire> Reply<V> {
    /// The reply to a preflight, with what is logged and counted of it.
    #[cold]
    pub(super) fn preflight<H: RequestHead<Value = V>>(
        policy: &Snapshot,
        decision: Result<Grant<V>, Rejection>,
        head: &H,
        site: Site<'_>,
        explain: bool,
    ) -> Self {
        match decision {
            Ok(grant) => {
                observe(policy, Outcome::Allowed, head, site);
                Self::granted(policy, grant, head.outer().is_some())
            }
            Err(rejection) => {
                let vary = Vary::of_preflight(policy);
                let partial = if explain { policy.partial(rejection, head) } else { None };
                Self::reject(policy, rejection, vary, partial, head, site, explain)
            }
        }
    }
}
