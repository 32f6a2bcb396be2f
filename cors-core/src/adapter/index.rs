//! A layer or a middleware that was given the routes.

use std::collections::HashMap;
use std::sync::Arc;

use super::endpoint::{Endpoint, reject};
use super::layer::LayerPolicy;
use super::path::PathRoutes;
use super::step::{Pending, Step};
use super::table::{Route, RouteTable, segments};
use crate::policy::reference::PolicyRef;
use crate::protocol::actual::agree;
use crate::protocol::preflight::Preflight;
use crate::protocol::request::RequestHead;

/// The routes of a list by their paths, for a layer or a middleware outside of everything else.
///
/// It is asked with the path of the route that *the framework* matched, in the framework's own
/// syntax; it never matches a path itself.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "http1")] {
/// use cors_core::adapter::{RouteIndex, Step};
/// use cors_core::RouteTable;
///
/// let index = RouteIndex::new(&RouteTable::default());
/// let request = http::Request::get("/users").body(()).unwrap();
/// assert!(matches!(index.on_request(&request, Some("/users")), Step::PassThrough));
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct RouteIndex {
    paths: HashMap<String, Arc<PathRoutes>>,
    /// The policy of everything that is none of the routes.
    default: Option<LayerPolicy>,
    explain: bool,
}

impl RouteIndex {
    /// The routes of a table.
    #[must_use]
    pub fn new(table: &RouteTable) -> Self {
        let mut paths: HashMap<String, PathRoutes> = HashMap::new();
        for route in table {
            let path = paths.entry(route.path.clone());
            path.or_insert_with(|| PathRoutes::new(Vec::new())).push(route.clone());
        }
        let paths = paths.into_iter().map(|(path, routes)| (path, Arc::new(routes))).collect();
        Self { paths, default: None, explain: false }
    }

    /// Adds a policy for everything that is none of the routes.
    #[must_use]
    pub fn default_policy(mut self, policy: impl Into<PolicyRef>) -> Self {
        self.default = Some(LayerPolicy::new(policy).explain(self.explain));
        self
    }

    /// Whether rejected preflights are explained; see [`LayerPolicy::explain`].
    #[must_use]
    pub fn explain(mut self, explain: bool) -> Self {
        self.explain = explain;
        self.default = self.default.map(|it| it.explain(explain));
        self
    }

    /// The routes of a path.
    #[must_use]
    pub fn path(&self, pattern: &str) -> Option<&Arc<PathRoutes>> {
        self.paths.get(pattern)
    }

    /// A request whose route the framework has matched, by the path of that route; `None` for a
    /// request that it has matched to none.
    pub fn on_request<H: RequestHead>(&self, head: &H, pattern: Option<&str>) -> Step<H::Value> {
        match (pattern.and_then(|it| self.paths.get(it)), &self.default) {
            (Some(path), default) => path.on_request(head, default.as_ref(), self.explain),
            (None, Some(default)) => default.on_request(head),
            (None, None) => Step::PassThrough,
        }
    }

    /// A request that the framework has yet to match: by path and name of the first route that
    /// matches, which need not be the one that runs.
    ///
    /// Preflights are answered, unless another route of the list may be the one that is meant. An
    /// actual request to one of the routes is rejected if the policy enforces; else it passes
    /// ([`Step::PassThrough`]), and its handler decides.
    pub fn before_routing<H: RequestHead>(
        &self,
        head: &H,
        matched: Option<(&str, &str)>,
    ) -> Step<H::Value> {
        let path = matched.and_then(|matched| self.named(matched));
        if let (Some(path), Some(preflight)) = (path, Preflight::of(head)) {
            let is_served = path.is_served(&preflight);
            if !is_served && self.may_serve_elsewhere(path, preflight.method()) {
                return Step::PassThrough;
            }
            return path.on_request(head, self.default.as_ref(), self.explain);
        }
        let route = path.and_then(|path| path.sole(head.method().as_bytes()));
        match (route, &self.default) {
            (Some(route), _) => enforced(route, head, self.explain),
            (None, Some(default)) => default.on_request(head),
            (None, None) => Step::PassThrough,
        }
    }

    /// The routes of a path, if the first route that matches is one of them.
    fn named(&self, (pattern, name): (&str, &str)) -> Option<&PathRoutes> {
        let path = self.paths.get(pattern)?;
        path.routes().iter().any(|it| it.name == name).then_some(path)
    }

    /// Whether a route on another path serves a method, and may match the same requests.
    fn may_serve_elsewhere(&self, path: &PathRoutes, method: &[u8]) -> bool {
        let pattern = path.routes().first().map_or("", |it| it.path.as_str());
        self.paths.iter().any(|(other, routes)| {
            other != pattern
                && routes.candidates(method).next().is_some()
                && may_overlap(other, pattern)
        })
    }

    /// What a response gets on which no policy has written, after the framework has matched:
    /// `ran` is the handler that it ran, else `matched` path and name of the first route that matches.
    /// `None` if no policy is about it.
    pub fn after_routing<H: RequestHead>(
        &self,
        head: &H,
        ran: Option<&Endpoint>,
        matched: Option<(&str, &str)>,
    ) -> Option<Pending<H::Value>> {
        let is_nested = head.outer().is_some_and(|it| !it.is_undecided());
        if let Some(endpoint) = ran {
            let policy = endpoint.policy().clone();
            let reader = policy.reader(head).ok()?;
            return Some(Pending::of_layer(policy, reader, is_nested, None));
        }
        let path = self.named(matched?)?;
        let Some(Route { id, endpoint, .. }) = path.sole(head.method().as_bytes()) else {
            let policies = path.routes().iter().map(|it| it.endpoint.policy());
            return Some(Pending::of_unserved(agree(policies, head)?, true, is_nested));
        };
        let policy = endpoint.policy().clone();
        let reader = policy.reader(head).ok()?;
        Some(Pending::of_route(policy, *id, reader, is_nested, None))
    }
}

/// What the handler would reject is rejected before anything runs in between.
fn enforced<H: RequestHead>(route: &Route, head: &H, explain: bool) -> Step<H::Value> {
    let policy = route.endpoint.policy();
    match policy.reader(head) {
        Ok(_) => Step::PassThrough,
        Err(rejection) => reject(policy, rejection, head, route.site(), explain),
    }
}

/// Whether two paths may match one request: parameters match anything.
fn may_overlap(one: &str, other: &str) -> bool {
    // A parameter with an expression of its own may match several segments.
    let spans = |path: &str| path.contains(':') || path.contains('*');
    if spans(one) || spans(other) {
        return true;
    }
    let (mut one, mut other) = (segments(one), segments(other));
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (Some(one), Some(other))
                if one == other || one.contains('{') || other.contains('{') => {}
            _ => return false,
        }
    }
}
