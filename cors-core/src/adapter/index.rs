//! A layer or a middleware that was given the routes.

use std::collections::HashMap;
use std::sync::Arc;

use super::endpoint::{Endpoint, reject};
use super::layer::LayerPolicy;
use super::path::PathRoutes;
use super::reference::{PolicyRef, load_or_panic};
use super::step::{Pending, Step};
use super::table::{Route, RouteTable, segments};
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
    paths: HashMap<String, Path>,
    /// The policy of everything that is none of the routes.
    default: Option<LayerPolicy>,
    explain: bool,
}

/// The routes of one path, and those of other paths that may match the same requests.
#[derive(Debug, Clone)]
struct Path {
    routes: Arc<PathRoutes>,
    /// The place of each in the list: a framework that tries them in turn runs the first.
    positions: Vec<usize>,
    /// Routes of other paths, with their places.
    rivals: Vec<(usize, Route)>,
}

impl RouteIndex {
    /// The routes of a table.
    ///
    /// # Panics
    ///
    /// If origins come from the environment, and [cannot be loaded](RouteTable::load): the message
    /// has all violations.
    #[must_use]
    #[track_caller]
    pub fn new(table: &RouteTable) -> Self {
        load_or_panic(table.policies());
        let mut paths: HashMap<&str, (Vec<usize>, Vec<Route>)> = HashMap::new();
        for (position, route) in table.iter().enumerate() {
            let (positions, routes) = paths.entry(&route.path).or_default();
            positions.push(position);
            routes.push(route.clone());
        }
        let rivals = |path: &str| {
            let others = paths.iter().filter(|(other, _)| **other != path);
            others
                .filter(|(other, _)| may_overlap(other, path))
                .flat_map(|(_, (positions, routes))| positions.iter().zip(routes))
                .map(|(position, route)| (*position, route.clone()))
                .collect()
        };
        let rivals: Vec<Vec<(usize, Route)>> = paths.keys().map(|path| rivals(path)).collect();
        let paths = paths.into_iter().zip(rivals).map(|((path, (positions, routes)), rivals)| {
            let routes = Arc::new(PathRoutes::new(routes));
            (path.to_owned(), Path { routes, positions, rivals })
        });
        Self { paths: paths.collect(), default: None, explain: false }
    }

    /// Adds a policy for everything that is none of the routes.
    ///
    /// # Panics
    ///
    /// See [`LayerPolicy::new`].
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
        self.paths.get(pattern).map(|path| &path.routes)
    }

    /// A request whose route the framework has matched, by the path of that route; `None` for a
    /// request that it has matched to none.
    pub fn on_request<H: RequestHead>(&self, head: &H, pattern: Option<&str>) -> Step<H::Value> {
        match (pattern.and_then(|it| self.path(it)), &self.default) {
            (Some(path), default) => path.on_request(head, default.as_ref(), self.explain),
            (None, Some(default)) => default.on_request(head),
            (None, None) => Step::PassThrough,
        }
    }

    /// A request that the framework has yet to match: by path and name of the first route that
    /// matches, which need not be the one that runs.
    ///
    /// Preflights are answered, unless routes on several paths of the list may be meant whose policies
    /// differ about it. An
    /// actual request to one of the routes is rejected if the policy enforces; else it passes
    /// ([`Step::PassThrough`]), and its handler decides.
    pub fn before_routing<H: RequestHead>(
        &self,
        head: &H,
        matched: Option<(&str, &str)>,
    ) -> Step<H::Value> {
        let path = matched.and_then(|matched| self.named(matched));
        if let (Some(path), Some(preflight)) = (path, Preflight::of(head)) {
            let mut rivals = path.rivals(preflight.method()).peekable();
            if rivals.peek().is_some() {
                let reply = path.routes.reply_with(rivals, &preflight, head, self.explain);
                return reply.map_or(Step::PassThrough, Step::Respond);
            }
            return path.routes.on_request(head, self.default.as_ref(), self.explain);
        }
        match (path.map(|path| path.chosen(head)), &self.default) {
            (Some(Chosen::Route(route)), _) => enforced(route, head, self.explain),
            (_, Some(default)) => default.on_request(head),
            (_, None) => Step::PassThrough,
        }
    }

    /// The routes of a path, if the first route that matches is one of them.
    fn named(&self, (pattern, name): (&str, &str)) -> Option<&Path> {
        let path = self.paths.get(pattern)?;
        path.routes.routes().iter().any(|it| it.name == name).then_some(path)
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
            let policy = endpoint.policy().resolve(head)?;
            let reader = policy.reader(head).ok()?;
            return Some(Pending::of_layer(policy, reader, is_nested, None));
        }
        let path = self.named(matched?)?;
        let Route { id, endpoint, .. } = match path.chosen(head) {
            Chosen::Route(route) => route,
            Chosen::Unserved => {
                let policies = path.routes.policies(head);
                return Some(Pending::of_unserved(agree(policies, head)?, true, is_nested));
            }
            Chosen::Unknown => return None,
        };
        let policy = endpoint.policy().resolve(head)?;
        let reader = policy.reader(head).ok()?;
        Some(Pending::of_route(policy, *id, reader, is_nested, None))
    }
}

/// The route that the framework will choose, as far as the list tells.
enum Chosen<'a> {
    Route(&'a Route),
    /// None of the path, or one of several that guards choose from.
    Unserved,
    /// It may be one of another path.
    Unknown,
}

impl Path {
    fn chosen<H: RequestHead>(&self, head: &H) -> Chosen<'_> {
        let method = head.method().as_bytes();
        if self.rivals(method).next().is_some() {
            return Chosen::Unknown;
        }
        self.routes.sole(method).map_or(Chosen::Unserved, Chosen::Route)
    }

    /// The routes on other paths that serve a method, and are tried before the one of this path
    /// that takes every request for it.
    fn rivals<'a>(&'a self, method: &'a [u8]) -> impl Iterator<Item = &'a Route> {
        let mut own = self.routes.routes().iter().zip(&self.positions);
        let taken = own.find(|(route, _)| !route.is_guarded && route.served.contains(method));
        let end = taken.map_or(usize::MAX, |(_, position)| *position);
        self.rivals
            .iter()
            .filter(move |(position, it)| *position < end && it.served.contains_in_any_case(method))
            .map(|(_, route)| route)
    }
}

/// What the handler would reject is rejected before anything runs in between.
fn enforced<H: RequestHead>(route: &Route, head: &H, explain: bool) -> Step<H::Value> {
    let Some(policy) = route.endpoint.policy().resolve(head) else { return Step::PassThrough };
    match policy.reader(head) {
        Ok(_) => Step::PassThrough,
        Err(rejection) => reject(&policy, rejection, head, route.site(), explain),
    }
}

/// Whether two paths may match one request: parameters match anything.
fn may_overlap(one: &str, other: &str) -> bool {
    // A parameter with an expression of its own may match several segments.
    let spans = |segment: &str| segment.contains('{') && segment.contains([':', '*']);
    let (mut one, mut other) = (segments(one), segments(other));
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (Some(segment), _) | (_, Some(segment)) if spans(segment) => return true,
            (Some(one), Some(other))
                if one == other || one.contains('{') || other.contains('{') => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::may_overlap;

    #[test]
    fn paths_that_may_match_one_request() {
        for (one, other) in [
            ("/files/{name}", "/files/admin"),
            ("/{a}/b", "/a/{b}"),
            ("/files/{path:.*}", "/files/a/b"),
            ("/files/{*path}", "/files/a/b"),
            ("/files{path:.*}", "/files/a"),
            ("/{tenant:.*}/area", "/a/b/c"),
        ] {
            assert!(may_overlap(one, other) && may_overlap(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("/files/{name}", "/files"),
            ("/files/{name}", "/users/admin"),
            ("/files/{path:.*}", "/users/a"),
            ("/{a}/b", "/{a}/c"),
        ] {
            assert!(!may_overlap(one, other) && !may_overlap(other, one), "{one} {other}");
        }
    }
}
