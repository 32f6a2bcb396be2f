//! Which route of one table is compared with which of another: by path and method.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::adapter::table::{Matching, Methods, may_overlap, shape};
use crate::header::texts::Texts;
use crate::lock::table::{EVERYTHING_ELSE, RouteLock, TableLock};
use crate::protocol::preflight::USUAL_METHODS;

/// A method of a path before and after; one of the two may be missing.
#[derive(Debug)]
pub(super) struct Pair<'a> {
    pub(super) path: String,
    pub(super) method: String,
    pub(super) before: Option<&'a RouteLock>,
    pub(super) after: Option<&'a RouteLock>,
    /// Where there is none after: those of other paths that may answer the same requests.
    pub(super) takers: Vec<&'a RouteLock>,
    /// A route that came before it, matches some of the same requests, and comes behind it now.
    pub(super) overtaken: Option<&'a RouteLock>,
}

/// The routes of one path, in both tables.
#[derive(Default)]
struct Routes<'a> {
    before: Vec<&'a RouteLock>,
    after: Vec<&'a RouteLock>,
}

/// All pairs, by path and method.
pub(super) fn of<'a>(before: &'a TableLock, after: &'a TableLock) -> Vec<Pair<'a>> {
    let mut paths: BTreeMap<Vec<Cow<'a, str>>, Routes<'a>> = BTreeMap::new();
    for route in &before.routes {
        paths.entry(shape(&route.path).collect()).or_default().before.push(route);
    }
    for route in &after.routes {
        paths.entry(shape(&route.path).collect()).or_default().after.push(route);
    }
    let mut pairs: Vec<Pair<'a>> = paths.values().flat_map(Routes::pairs).collect();
    for Pair { path, method, takers, .. } in pairs.iter_mut().filter(|it| it.after.is_none()) {
        let may_answer = |it: &&RouteLock| serves(it, method) && may_answer(it, path);
        takers.extend(after.routes.iter().filter(may_answer));
    }
    for routes in paths.values().filter(|it| it.after.is_empty()) {
        pairs.extend(routes.taken_over(after));
    }
    if after.matching == Matching::RouteByRoute {
        find_reordered(before, after, &mut pairs);
    }
    pairs.sort_by(|one, other| one.path.cmp(&other.path));
    pairs
}

/// Finds the routes that have overtaken another one, where a framework goes by their order.
fn find_reordered<'a>(before: &TableLock, after: &'a TableLock, pairs: &mut [Pair<'a>]) {
    let (places_before, places_after) = (Places::of(before), Places::of(after));
    for Pair { path, method, overtaken, .. } in pairs {
        let (was, is) = (places_before.first(path, method), places_after.first(path, method));
        let (Some(was), Some(is)) = (was, is) else { continue };
        let behind = after.routes.iter().skip(is + 1);
        let mut others = behind.filter(|it| serves(it, method) && may_overlap(&it.path, path));
        *overtaken =
            others.find(|it| places_before.first(&it.path, method).is_some_and(|it| it < was));
    }
}

/// The places of the routes in a table, by path.
struct Places<'t>(BTreeMap<Vec<Cow<'t, str>>, Vec<(usize, &'t RouteLock)>>);

impl<'t> Places<'t> {
    fn of(table: &'t TableLock) -> Self {
        let mut places: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (place, route) in table.routes.iter().enumerate() {
            places.entry(shape(&route.path).collect()).or_default().push((place, route));
        }
        Self(places)
    }

    /// The place of the first route of a path that serves a method.
    fn first(&self, path: &str, method: &str) -> Option<usize> {
        let key: Vec<Cow<'_, str>> = shape(path).collect();
        let (place, _) = self.0.get(&key)?.iter().find(|(_, it)| serves(it, method))?;
        Some(*place)
    }
}

/// Whether a route may answer requests for a path that is gone.
fn may_answer(route: &RouteLock, path: &str) -> bool {
    route.path == EVERYTHING_ELSE || may_overlap(&route.path, path)
}

impl<'a> Routes<'a> {
    /// What others serve of a path that is gone, and it did not serve: where a framework matches paths
    /// first, nothing did.
    fn taken_over(&self, after: &'a TableLock) -> Vec<Pair<'a>> {
        let Some(path) = self.before.first().map(|route| route.path.clone()) else {
            return Vec::new();
        };
        let takers: Vec<&RouteLock> =
            after.routes.iter().filter(|it| may_answer(it, &path)).collect();
        let others = Self { before: Vec::new(), after: takers.clone() };
        let is_new = |method: &String| !self.before.iter().any(|it| serves(it, method));
        let pair = |method: String| Pair {
            path: path.clone(),
            takers: takers.iter().copied().filter(|it| serves(it, &method)).collect(),
            method,
            before: None,
            after: None,
            overtaken: None,
        };
        others.methods().into_iter().filter(is_new).map(pair).collect()
    }

    fn pairs(&self) -> Vec<Pair<'a>> {
        let named = self.after.first().or_else(|| self.before.first());
        let path = named.map(|route| route.path.clone()).unwrap_or_default();
        let mut pairs = Vec::new();
        for method in self.methods() {
            let serve = |routes: &[&'a RouteLock]| -> Vec<&'a RouteLock> {
                routes.iter().copied().filter(|it| serves(it, &method)).collect()
            };
            let matched = matched(serve(&self.before), serve(&self.after));
            pairs.extend(matched.into_iter().map(|(before, after)| Pair {
                path: path.clone(),
                method: method.clone(),
                before,
                after,
                takers: Vec::new(),
                overtaken: None,
            }));
        }
        pairs
    }

    /// The methods of all routes; those of a route for all methods are the usual ones, and what a
    /// policy declares.
    fn methods(&self) -> BTreeSet<String> {
        let mut methods = BTreeSet::new();
        for route in self.before.iter().chain(&self.after) {
            let declared = route.policy.known().and_then(|it| it.parts().methods.as_ref());
            match &route.served {
                Methods::These(served) => methods.extend(served.iter().map(ToString::to_string)),
                Methods::All => {
                    methods.extend(USUAL_METHODS.iter().map(ToString::to_string));
                    methods.extend(declared.into_iter().flat_map(Texts::iter).map(str::to_owned));
                }
            }
        }
        methods
    }
}

fn serves(route: &RouteLock, method: &str) -> bool {
    route.served.contains(method.as_bytes())
}

/// Where a guard chooses between several routes, those of one handler belong together, and the rest in
/// their order.
fn matched<'a>(
    before: Vec<&'a RouteLock>,
    mut after: Vec<&'a RouteLock>,
) -> Vec<(Option<&'a RouteLock>, Option<&'a RouteLock>)> {
    let mut pairs = Vec::new();
    let mut rest = Vec::new();
    for route in before {
        match after.iter().position(|it| it.handler == route.handler) {
            Some(at) => pairs.push((Some(route), Some(after.remove(at)))),
            None => rest.push(route),
        }
    }
    let mut after = after.into_iter();
    for route in rest {
        pairs.push((Some(route), after.next()));
    }
    pairs.extend(after.map(|route| (None, Some(route))));
    pairs
}
