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
/// use cors_core::adapter::{Endpoint, EndpointId, Methods, Matching, Route, RouteList};
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
/// # Ok::<(), cors_core::Violations>(())
/// ```
#[derive(Clone)]
pub struct RouteList<T> {
    entries: Vec<Listed<T>>,
    /// The places of the routes whose paths match the same requests, by [`key`].
    places: BTreeMap<String, Vec<usize>>,
    matching: Matching,
    explain: bool,
    /// The policy of what is none of the routes.
    default: Option<PolicyRef>,
}

/// A route of a list, and what an adapter registers for it.
///
/// # Examples
///
/// See [`RouteList::entries`].
#[derive(Debug, Clone)]
pub struct Listed<T> {
    /// The route.
    pub route: Route,
    /// What runs its handler.
    pub handler: T,
}

impl<T> RouteList<T> {
    /// An empty list.
    #[must_use]
    pub const fn new(matching: Matching) -> Self {
        Self {
            entries: Vec::new(),
            places: BTreeMap::new(),
            matching,
            explain: false,
            default: None,
        }
    }

    /// Adds a route.
    ///
    /// # Panics
    ///
    /// If a route of the list serves one of its methods on the same path, and no guard may pass it on;
    /// the message names the locations of both. Also if it names a parameter of that path differently,
    /// where paths are matched first.
    #[track_caller]
    #[expect(clippy::panic, reason = "a mistake in the program's routes, found at its start")]
    pub fn push(&mut self, route: Route, handler: T) {
        let places = self.places.entry(key(&route.path)).or_default();
        for earlier in places.iter().filter_map(|place| self.entries.get(*place)) {
            if let Some(conflict) = earlier.route.conflict(&route, self.matching) {
                panic!("{conflict}");
            }
        }
        places.push(self.entries.len());
        self.entries.push(Listed { route, handler });
    }

    /// Adds the routes of another list. They are explained if either list is.
    ///
    /// # Panics
    ///
    /// As [`push`](Self::push) does; also if both lists have a default policy.
    #[track_caller]
    pub fn merge(&mut self, other: Self) {
        self.explain |= other.explain;
        assert!(
            self.default.is_none() || other.default.is_none(),
            "both lists have a policy for everything else; keep one `default_policy`"
        );
        self.default = self.default.take().or(other.default);
        for Listed { route, handler } in other.entries {
            self.push(route, handler);
        }
    }

    /// Puts a prefix in front of every path.
    ///
    /// # Panics
    ///
    /// If the prefix does not start with a slash.
    #[track_caller]
    pub fn nest(&mut self, prefix: &str) {
        assert!(prefix.starts_with('/'), "the prefix `{prefix}` does not start with a slash");
        self.places.clear();
        for (place, Listed { route, .. }) in self.entries.iter_mut().enumerate() {
            route.path = nested_path(prefix, &route.path);
            self.places.entry(key(&route.path)).or_default().push(place);
        }
    }

    /// Changes what the adapter registers: puts something around it, gives it its state.
    #[must_use]
    pub fn map<U>(self, mut change: impl FnMut(T) -> U) -> RouteList<U> {
        let Self { entries, places, matching, explain, default } = self;
        let entries = entries.into_iter();
        let entries = entries.map(|it| Listed { route: it.route, handler: change(it.handler) });
        RouteList { entries: entries.collect(), places, matching, explain, default }
    }

    /// Whether rejections are explained; see [`LayerPolicy::explain`](super::LayerPolicy::explain).
    pub const fn explain(&mut self, explain: bool) {
        self.explain = explain;
    }

    /// Whether rejections are explained.
    #[must_use]
    pub const fn is_explained(&self) -> bool {
        self.explain
    }

    /// The policy of everything that is none of the routes.
    pub fn default_policy(&mut self, policy: impl Into<PolicyRef>) {
        self.default = Some(policy.into());
    }

    /// The routes, in the order of their registration.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::adapter::{Listed, Matching, RouteList};
    ///
    /// let list: RouteList<fn()> = RouteList::new(Matching::RouteByRoute);
    /// for Listed { route, handler } in list.entries() {
    ///     println!("{}", route.path);
    ///     handler();
    /// }
    /// ```
    #[must_use]
    pub fn entries(&self) -> &[Listed<T>] {
        &self.entries
    }

    /// The same, to take apart.
    #[must_use]
    pub fn into_entries(self) -> Vec<Listed<T>> {
        self.entries
    }

    /// The same by their paths, each with its routes in the order of their registration.
    #[must_use]
    pub fn into_paths(self) -> BTreeMap<String, Vec<Listed<T>>> {
        let mut paths: BTreeMap<String, Vec<Listed<T>>> = BTreeMap::new();
        for entry in self.entries {
            paths.entry(entry.route.path.clone()).or_default().push(entry);
        }
        paths
    }

    /// The routes with their policies.
    #[must_use]
    pub fn table(&self) -> RouteTable {
        let table: RouteTable = self.entries.iter().map(|it| it.route.clone()).collect();
        table.matched(self.matching)
    }

    /// Reads the origins that come from the environment.
    ///
    /// # Panics
    ///
    /// If they [cannot be loaded](RouteTable::load): the message has all violations.
    #[track_caller]
    pub fn load_or_panic(&self) {
        let policies = self.entries.iter().map(|it| it.route.endpoint.policy());
        load_or_panic(policies.chain(&self.default));
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
        self.load_or_panic();
        let index = RouteIndex::new(table).explain(self.explain);
        match &self.default {
            Some(policy) => index.default_policy(policy.clone()),
            None => index,
        }
    }
}

/// The same text for all paths that match the same requests.
fn key(path: &str) -> String {
    shape(path).collect::<Vec<_>>().join("/")
}

impl<T> fmt::Debug for RouteList<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let routes = self.entries.iter().map(|it| &it.route);
        f.debug_list()
            .entries(routes.map(|it| (&it.path, it.methods.to_string(), it.endpoint.handler())))
            .finish()
    }
}
