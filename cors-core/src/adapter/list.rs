//! A list of routes, before a framework has them.

use std::collections::BTreeMap;
use std::fmt;

use super::index::RouteIndex;
use super::reference::{PolicyRef, load_or_panic};
use super::table::{Matching, Route, RouteTable, nested_path, shape};

/// The routes of a list, each with what an adapter registers for it, and what is said of all of them.
///
/// No two of them serve a method of one path.
///
/// # Examples
///
/// ```
/// use cors_core::Policy;
/// use cors_core::adapter::{Endpoint, EndpointId, Matching, Methods, Route, RouteList};
///
/// let policy = Policy::builder().origins(["*"]).build()?;
/// let mut list = RouteList::new(Matching::PathFirst);
/// let route = Route::new(
///     "/status",
///     Methods::of(&["GET"]),
///     EndpointId::unique(),
///     Endpoint::new("app::status", "src/app.rs:12", policy),
/// );
/// list.push(route, "what runs the handler");
/// list.nest("/api");
/// assert_eq!(list.table().iter().next().unwrap().path, "/api/status");
/// let (route, handler) = list.iter().next().unwrap();
/// assert_eq!((route.path.as_str(), *handler), ("/api/status", "what runs the handler"));
/// # Ok::<(), cors_core::Violations>(())
/// ```
#[derive(Clone)]
pub struct RouteList<T> {
    routes: Routes,
    /// That of each route.
    handlers: Vec<T>,
}

/// All of a list that is not generic: what is generic is compiled with the program.
#[derive(Debug, Clone)]
struct Routes {
    all: Vec<Route>,
    /// The places of the routes whose paths match the same requests, by [`key`].
    places: BTreeMap<String, Vec<usize>>,
    matching: Matching,
    explain: bool,
    /// The policy of what is none of the routes.
    default: Option<PolicyRef>,
}

impl<T> RouteList<T> {
    /// An empty list.
    #[must_use]
    pub const fn new(matching: Matching) -> Self {
        Self { routes: Routes::new(matching), handlers: Vec::new() }
    }

    /// Adds a route.
    ///
    /// # Panics
    ///
    /// If a route of the list serves one of its methods on the same path, and no guard may pass it on;
    /// the message names the locations of both. Also if it names a parameter of that path differently,
    /// where paths are matched first.
    #[track_caller]
    pub fn push(&mut self, route: Route, handler: T) {
        self.routes.push(route);
        self.handlers.push(handler);
    }

    /// Adds the routes of another list. They are explained if either list is.
    ///
    /// # Panics
    ///
    /// As [`push`](Self::push) does; also if both lists have a default policy.
    #[track_caller]
    pub fn merge(&mut self, other: Self) {
        self.routes.merge(other.routes);
        self.handlers.extend(other.handlers);
    }

    /// Puts a prefix in front of every path.
    ///
    /// # Panics
    ///
    /// If the prefix does not start with a slash.
    #[track_caller]
    pub fn nest(&mut self, prefix: &str) {
        self.routes.nest(prefix);
    }

    /// Changes what the adapter registers: puts something around it, gives it its state.
    #[must_use]
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> RouteList<U> {
        let handlers = self.handlers.into_iter().map(change).collect();
        RouteList { routes: self.routes, handlers }
    }

    /// Whether rejections are explained; see [`LayerPolicy::explain`](super::LayerPolicy::explain).
    pub const fn explain(&mut self, explain: bool) {
        self.routes.explain = explain;
    }

    /// Whether rejections are explained.
    #[must_use]
    pub const fn is_explained(&self) -> bool {
        self.routes.explain
    }

    /// The policy of everything that is none of the routes.
    pub fn default_policy(&mut self, policy: impl Into<PolicyRef>) {
        self.routes.default = Some(policy.into());
    }

    /// The routes, in the order of their registration.
    pub fn iter(&self) -> impl Iterator<Item = (&Route, &T)> {
        self.routes.all.iter().zip(&self.handlers)
    }

    /// The same by their paths.
    #[must_use]
    pub fn into_paths(self) -> Vec<(String, Vec<(Route, T)>)> {
        let paths = self.routes.paths();
        let mut grouped: Vec<(String, Vec<(Route, T)>)> = Vec::new();
        for (place, (route, handler)) in paths.into_iter().zip(self) {
            match grouped.get_mut(place) {
                Some((_, path)) => path.push((route, handler)),
                None => grouped.push((route.path.clone(), vec![(route, handler)])),
            }
        }
        grouped
    }

    /// The routes with their policies.
    #[must_use]
    pub fn table(&self) -> RouteTable {
        self.routes.table()
    }

    /// Reads the origins that come from the environment.
    ///
    /// # Panics
    ///
    /// If they [cannot be loaded](RouteTable::load): the message has all violations.
    #[track_caller]
    pub fn load_or_panic(&self) {
        self.routes.load_or_panic();
    }

    /// What a layer or a middleware decides by that is outside of everything else, with the routes
    /// as the framework serves them.
    ///
    /// # Panics
    ///
    /// See [`load_or_panic`](Self::load_or_panic).
    #[must_use]
    #[track_caller]
    pub fn index(&self, table: &RouteTable) -> RouteIndex {
        self.routes.index(table)
    }
}

impl<T> IntoIterator for RouteList<T> {
    type Item = (Route, T);
    type IntoIter = std::iter::Zip<std::vec::IntoIter<Route>, std::vec::IntoIter<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.routes.all.into_iter().zip(self.handlers)
    }
}

impl Routes {
    const fn new(matching: Matching) -> Self {
        Self { all: Vec::new(), places: BTreeMap::new(), matching, explain: false, default: None }
    }

    #[track_caller]
    #[expect(clippy::panic, reason = "a mistake in the program's routes, found at its start")]
    fn push(&mut self, route: Route) {
        let places = self.places.entry(key(&route.path)).or_default();
        for earlier in places.iter().filter_map(|place| self.all.get(*place)) {
            if let Some(conflict) = earlier.conflict(&route, self.matching) {
                panic!("{conflict}");
            }
        }
        places.push(self.all.len());
        self.all.push(route);
    }

    #[track_caller]
    fn merge(&mut self, other: Self) {
        self.explain |= other.explain;
        assert!(
            self.default.is_none() || other.default.is_none(),
            "both lists have a policy for everything else; keep one `default_policy`"
        );
        self.default = self.default.take().or(other.default);
        for route in other.all {
            self.push(route);
        }
    }

    #[track_caller]
    fn nest(&mut self, prefix: &str) {
        assert!(prefix.starts_with('/'), "the prefix `{prefix}` does not start with a slash");
        self.places.clear();
        for (place, route) in self.all.iter_mut().enumerate() {
            route.path = nested_path(prefix, &route.path);
            self.places.entry(key(&route.path)).or_default().push(place);
        }
    }

    /// The number of each route's path, by the order in which they first come.
    fn paths(&self) -> Vec<usize> {
        let mut paths: BTreeMap<&str, usize> = BTreeMap::new();
        let numbers = self.all.iter().map(|route| {
            let next = paths.len();
            *paths.entry(&route.path).or_insert(next)
        });
        numbers.collect()
    }

    fn table(&self) -> RouteTable {
        let table: RouteTable = self.all.iter().cloned().collect();
        table.matched(self.matching).default_policy(self.default.clone())
    }

    #[track_caller]
    fn load_or_panic(&self) {
        let policies = self.all.iter().map(|route| route.endpoint.policy());
        load_or_panic(policies.chain(&self.default));
    }

    #[track_caller]
    fn index(&self, table: &RouteTable) -> RouteIndex {
        RouteIndex::new(table).explain(self.explain)
    }
}

/// The same text for all paths that match the same requests.
fn key(path: &str) -> String {
    shape(path).collect::<Vec<_>>().join("/")
}

impl<T> fmt::Debug for RouteList<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let routes = self.routes.all.iter();
        f.debug_list()
            .entries(routes.map(|it| (&it.path, it.methods.to_string(), it.endpoint.handler())))
            .finish()
    }
}
