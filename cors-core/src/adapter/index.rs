//! A layer or a middleware that was given the routes.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::layer::LayerPolicy;
use super::path::PathRoutes;
use super::reference::{PolicyRef, load_or_panic};
use super::step::{Pending, Reply, Step};
use super::table::{Route, RouteTable, may_overlap};
use crate::policy::snapshot::Snapshot;
use crate::protocol::actual::agree;
use crate::protocol::preflight::Preflight;
use crate::protocol::rejection::Rejection;
use crate::protocol::request::RequestHead;
use crate::protocol::write::Vary;

/// The routes of a list by their paths, for a layer or a middleware outside of everything else.
///
/// It is called with the path of the route that *the framework* matched, in the framework's own
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
    /// In the order in which a framework tries them that tries one after the other.
    routes: Arc<[Route]>,
    paths: BTreeMap<String, Path>,
    /// The policy of everything that is none of the routes.
    default: Option<LayerPolicy>,
    explain: bool,
}

/// What a middleware does with a request that the framework has yet to match.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "http1")] {
/// use cors_core::adapter::{RouteIndex, Routing};
/// use cors_core::{Policy, RouteTable};
///
/// let policy = Policy::builder().origins(["*"]).build().unwrap();
/// let index = RouteIndex::new(&RouteTable::default()).default_policy(policy);
/// let request = http::Request::get("/users").body(()).unwrap();
/// assert!(matches!(index.before_routing(&request, None), Routing::Decided(_)));
/// # }
/// ```
#[derive(Debug)]
pub enum Routing<V> {
    /// Send this; nothing else runs.
    Respond(Reply<V>),
    /// The policy of everything that is none of the routes has decided: run what is inside, then
    /// call [`Pending::on_response`].
    Decided(Pending<V>),
    /// The handler that the framework runs decides. This is for a response on which no policy has
    /// written, and for which no handler of the list has run; `None` if no policy is about it.
    Open(Option<Pending<V>>),
}

/// The routes of one path.
#[derive(Debug, Clone)]
struct Path {
    routes: Arc<PathRoutes>,
    /// The place of each among all routes.
    positions: Vec<usize>,
    /// The places of routes on other paths that may match the same requests, behind the first of
    /// these; found when a request first needs them.
    rivals: OnceLock<Vec<usize>>,
}

impl RouteIndex {
    /// The routes of a table, and its policy for everything else.
    ///
    /// # Panics
    ///
    /// If origins come from the environment, and [cannot be loaded](RouteTable::load): the message
    /// has all violations.
    #[must_use]
    #[track_caller]
    pub fn new(table: &RouteTable) -> Self {
        load_or_panic(table.policies());
        let routes: Arc<[Route]> = table.iter().cloned().collect();
        let mut positions: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (position, route) in routes.iter().enumerate() {
            positions.entry(&route.path).or_default().push(position);
        }
        let paths = positions.into_iter().map(|(path, positions)| {
            let own = positions.iter().filter_map(|position| routes.get(*position)).cloned();
            let own = Arc::new(PathRoutes::new(own.collect()));
            (path.to_owned(), Path { routes: own, positions, rivals: OnceLock::new() })
        });
        let paths = paths.collect();
        let default = table.everything_else().cloned().map(LayerPolicy::new);
        Self { routes, paths, default, explain: false }
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
    /// differ about it. An actual request to one of the routes is rejected if the policy enforces;
    /// else its handler decides.
    pub fn before_routing<H: RequestHead>(
        &self,
        head: &H,
        matched: Option<(&str, &str)>,
    ) -> Routing<H::Value> {
        let Some(path) = matched.and_then(|it| self.named(it)) else {
            return self.by_default(head, || None);
        };
        if let Some(preflight) = Preflight::of(head) {
            return match self.before_preflight(path, &preflight, head) {
                Step::Respond(reply) => Routing::Respond(reply),
                Step::Forward(pending) => Routing::Decided(pending),
                Step::PassThrough => Routing::Open(match self.chosen(path, head) {
                    Chosen::Route(route) => without_handler(route, head).ok().flatten(),
                    Chosen::Unserved => unserved(path, head),
                    Chosen::Unknown => None,
                }),
            };
        }
        match self.chosen(path, head) {
            Chosen::Route(route) => match without_handler(route, head) {
                Ok(pending) => Routing::Open(pending),
                Err(Rejected { policy, rejection }) => {
                    let (site, vary) = (route.site(), Vary::Origin);
                    route.endpoint.policy().compare(&policy, head, site);
                    let explain = self.explain;
                    let reply = Reply::reject(&policy, rejection, vary, None, head, site, explain);
                    Routing::Respond(reply)
                }
            },
            Chosen::Unserved => self.by_default(head, || unserved(path, head)),
            Chosen::Unknown => self.by_default(head, || None),
        }
    }

    fn before_preflight<H: RequestHead>(
        &self,
        path: &Path,
        preflight: &Preflight<'_, H::Value>,
        head: &H,
    ) -> Step<H::Value> {
        let mut rivals = self.rivals(path, preflight.method(), 0).peekable();
        if rivals.peek().is_none() {
            return path.routes.on_request(head, self.default.as_ref(), self.explain);
        }
        let reply = path.routes.reply_with(rivals, preflight, head, self.explain);
        reply.map_or(Step::PassThrough, Step::Respond)
    }

    /// A request that is for none of the routes, as far as the list shows.
    fn by_default<H: RequestHead>(
        &self,
        head: &H,
        open: impl FnOnce() -> Option<Pending<H::Value>>,
    ) -> Routing<H::Value> {
        match self.default.as_ref().map(|default| default.on_request(head)) {
            Some(Step::Respond(reply)) => Routing::Respond(reply),
            Some(Step::Forward(pending)) => Routing::Decided(pending),
            Some(Step::PassThrough) | None => Routing::Open(open()),
        }
    }

    /// The routes of a path, if the first route that matches is one of them.
    fn named(&self, (pattern, name): (&str, &str)) -> Option<&Path> {
        let path = self.paths.get(pattern)?;
        path.routes.routes().iter().any(|it| it.name == name).then_some(path)
    }

    /// A preflight that the framework has routed to the first handler of a path for its method, before
    /// guards are asked, by the path of that handler; `None` for any other request, and if the handler
    /// handles CORS itself.
    ///
    /// If guards may send the actual request to a route on another path, it is allowed only if the
    /// policies of both allow it.
    pub fn on_preflight<H: RequestHead>(&self, head: &H, pattern: &str) -> Option<Reply<H::Value>> {
        let path = self.paths.get(pattern)?;
        let preflight = Preflight::of(head)?;
        let mut places = path.routes.routes().iter().zip(&path.positions);
        let routed = places.find(|(it, _)| it.served.contains_in_any_case(preflight.method()));
        let start = routed.map_or(0, |(_, position)| *position);
        let mut rivals = self.rivals(path, preflight.method(), start).peekable();
        if rivals.peek().is_none() {
            return path.routes.on_preflight(head, self.explain);
        }
        let reply = path.routes.reply_with(rivals, &preflight, head, self.explain);
        reply.or_else(|| path.routes.on_unknown(head, self.explain))
    }

    /// What a response gets on which no policy has written, for which a handler of the list has run:
    /// by the policy that its request was decided by, whatever has replaced that.
    pub fn after_handler<H: RequestHead>(
        &self,
        head: &H,
        policy: Snapshot,
    ) -> Option<Pending<H::Value>> {
        let reader = policy.reader(head).ok()?;
        Some(Pending::of_layer(policy, reader, is_nested(head), None))
    }

    fn chosen<'a, H: RequestHead>(&'a self, path: &'a Path, head: &H) -> Chosen<'a> {
        let method = head.method().as_bytes();
        if self.rivals(path, method, 0).next().is_some() {
            return Chosen::Unknown;
        }
        path.routes.sole(method).map_or(Chosen::Unserved, Chosen::Route)
    }

    /// The routes on other paths that serve a method, and are tried before the one of this path
    /// that takes every request for it. This path is the first that matches, so none before it does.
    /// Nor does any before the place `start`.
    fn rivals<'a>(
        &'a self,
        path: &'a Path,
        method: &'a [u8],
        start: usize,
    ) -> impl Iterator<Item = &'a Route> + Clone + 'a {
        let positions = path.rivals.get_or_init(|| self.find_rivals(path));
        let mut own = path.routes.routes().iter().zip(&path.positions);
        let is_last = |(it, _): &(&Route, _)| !it.is_guarded && it.served.contains(method);
        // Most paths have no rivals, and none of their routes need be looked at.
        let taken = if positions.is_empty() { None } else { own.find(is_last) };
        let end = taken.map_or(usize::MAX, |(_, position)| *position);
        positions
            .iter()
            .skip_while(move |position| **position < start)
            .take_while(move |position| **position < end)
            .filter_map(|position| self.routes.get(*position))
            .filter(move |route| route.served.contains_in_any_case(method))
    }

    fn find_rivals(&self, path: &Path) -> Vec<usize> {
        let (Some(own), Some(first)) = (path.routes.routes().first(), path.positions.first())
        else {
            return Vec::new();
        };
        let behind = self.routes.iter().enumerate().skip(*first);
        let rivals =
            behind.filter(|(_, it)| it.path != own.path && may_overlap(&it.path, &own.path));
        rivals.map(|(position, _)| position).collect()
    }
}

/// The route that the framework will choose, as far as the list shows.
enum Chosen<'a> {
    Route(&'a Route),
    /// None of the path, or one of several that guards choose from.
    Unserved,
    /// It may be one of another path.
    Unknown,
}

/// Whether a policy outside of the routes will look for a mark.
fn is_nested<H: RequestHead>(head: &H) -> bool {
    head.outer().is_some_and(|it| !it.is_undecided())
}

/// A request that the policy of its route rejects.
struct Rejected {
    policy: Snapshot,
    rejection: Rejection,
}

/// What a response gets where the handler of a route has not run; `None` if it handles CORS itself.
///
/// # Errors
///
/// If the policy enforces, and does not allow the request.
fn without_handler<H: RequestHead>(
    route: &Route,
    head: &H,
) -> Result<Option<Pending<H::Value>>, Rejected> {
    let Some(policy) = route.endpoint.policy().resolve(head) else { return Ok(None) };
    let reader = match head.outer() {
        Some(outer) => policy.nested_reader(head, outer),
        None => policy.reader(head),
    };
    match reader {
        Ok(reader) => Ok(Some(Pending::of_route(policy, route.id, reader, is_nested(head), None))),
        Err(rejection) => Err(Rejected { policy, rejection }),
    }
}

/// What a response gets where no handler of a path serves the method, or guards choose one of several:
/// what all policies of the path agree on, if it says that nothing has served the request.
fn unserved<H: RequestHead>(path: &Path, head: &H) -> Option<Pending<H::Value>> {
    let agreement = agree(path.routes.policies(head), head)?;
    Some(Pending::of_unserved(agreement, Some(&[404, 405]), is_nested(head)))
}
