//! A layer or a middleware that was given the routes.

use std::collections::HashMap;

use super::endpoint::Endpoint;
use super::layer::LayerPolicy;
use super::path::PathRoutes;
use super::step::{Pending, Step};
use super::table::{Route, RouteTable};
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
    paths: HashMap<String, PathRoutes>,
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
    pub fn path(&self, pattern: &str) -> Option<&PathRoutes> {
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

    /// A request that the framework will match further in: by the path of the first route that
    /// matches, which need not be the one that runs.
    ///
    /// Preflights are answered. An actual request to one of the routes passes
    /// ([`Step::PassThrough`]): its handler decides.
    pub fn before_routing<H: RequestHead>(
        &self,
        head: &H,
        pattern: Option<&str>,
    ) -> Step<H::Value> {
        let path = pattern.and_then(|it| self.paths.get(it));
        let method = match Preflight::of(head) {
            Some(preflight) => preflight.method(),
            None => head.method().as_bytes(),
        };
        let is_served = path.is_some_and(|it| match Preflight::of(head) {
            Some(_) => it.candidates(method).next().is_some(),
            None => it.sole(method).is_some(),
        });
        match (path, &self.default) {
            (_, Some(default)) if !is_served => default.on_request(head),
            (Some(path), _) => match path.on_preflight(head, self.explain) {
                Some(reply) => Step::Respond(reply),
                None => Step::PassThrough,
            },
            (None, _) => Step::PassThrough,
        }
    }

    /// What a response gets on which no policy has written, after the framework has matched:
    /// `ran` is the handler that it ran, `pattern` the path of the route. `None` if no policy is
    /// about it.
    pub fn after_routing<H: RequestHead>(
        &self,
        head: &H,
        ran: Option<&Endpoint>,
        pattern: Option<&str>,
        is_matched: bool,
    ) -> Option<Pending<H::Value>> {
        let is_nested = head.outer().is_some_and(|it| !it.is_undecided());
        if let Some(endpoint) = ran {
            let policy = endpoint.policy().clone();
            let reader = policy.reader(head).ok()?;
            return Some(Pending::of_layer(policy, reader, is_nested, None));
        }
        let path = self.paths.get(pattern?)?;
        match path.sole(head.method().as_bytes()) {
            Some(Route { id, endpoint, .. }) if !is_matched => {
                let policy = endpoint.policy().clone();
                let reader = policy.reader(head).ok()?;
                Some(Pending::of_route(policy, *id, reader, is_nested, None))
            }
            Some(_) => None,
            None => {
                let policies = path.routes().iter().map(|it| it.endpoint.policy());
                Some(Pending::of_unserved(agree(policies, head)?, false, is_nested))
            }
        }
    }
}
