//! A route table as a gateway goes through it: paths, their methods, and the policies of these.

use std::borrow::Cow;

use super::path::Path;
use super::problem::{GatewayError, GatewayErrors, Unsayable};
use super::{headers, regex};
use crate::adapter::table::{Matching, Methods, Route, RouteTable, shape};
use crate::header::texts::Texts;
use crate::header::value::ValueRef;
use crate::policy::snapshot::Snapshot;
use crate::policy::{AllowedHeaders, Policy};
use crate::protocol::preflight::USUAL_METHODS;

/// What a gateway does with requests.
pub(super) struct Plan {
    /// In the order in which they are tried.
    pub(super) paths: Vec<PathPlan>,
    /// Each once.
    pub(super) policies: Vec<Snapshot>,
}

/// The routes of one path.
pub(super) struct PathPlan {
    pub(super) text: String,
    pub(super) path: Path,
    pub(super) routes: Vec<RoutePlan>,
}

/// A route.
#[derive(Clone)]
pub(super) struct RoutePlan {
    pub(super) methods: Methods,
    pub(super) cors: Cors,
    /// In the order of registration.
    place: usize,
}

/// Who handles the CORS of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cors {
    /// The gateway, by the policy of this number.
    Gateway(usize),
    /// The program, or what it proxies.
    Program,
}

/// Whether a target can reject the requests of origins that are not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Enforcement {
    Possible,
    Impossible,
}

impl Plan {
    pub(super) fn of(table: &RouteTable, enforcement: Enforcement) -> Result<Self, GatewayErrors> {
        let mut plan = Self { paths: Vec::new(), policies: Vec::new() };
        let mut errors = Vec::new();
        for (place, route) in table.iter().enumerate() {
            if let Err(why) = plan.add(place, route, enforcement) {
                errors.extend(why.into_iter().map(|why| GatewayError::of(route, why)));
            }
        }
        let mut refuse = |path: &str, why| {
            let route = table.iter().find(|it| it.path == path);
            errors.extend(route.map(|route| GatewayError::of(route, why)));
        };
        for (earlier, later) in plan.ambiguous() {
            refuse(&earlier.text, Unsayable::Ambiguous { other: later.text.clone() });
        }
        if table.matching() == Matching::RouteByRoute {
            for (path, other) in plan.go_on() {
                refuse(&path, Unsayable::Overlapping { other });
            }
        }
        GatewayErrors::check(errors)?;
        Ok(plan)
    }

    /// Adds to each path the routes of later ones that serve what it does not: a framework that tries one
    /// route after the other goes on to them. Returns the pairs where no order of paths does the same.
    fn go_on(&mut self) -> Vec<(String, String)> {
        let mut failed = Vec::new();
        let mut added = Vec::new();
        for (number, earlier) in self.paths.iter().enumerate() {
            let mut more: Vec<RoutePlan> = Vec::new();
            for later in self.paths.iter().skip(number + 1) {
                if !earlier.path.meets(&later.path) {
                    continue;
                }
                let gone_on = later.routes.iter().map(|route| earlier.going_on(route));
                let gone_on: Result<Vec<Option<RoutePlan>>, Reordered> = gone_on.collect();
                match gone_on.map(|it| it.into_iter().flatten().collect::<Vec<_>>()) {
                    Ok(routes) if routes.is_empty() || later.path.covers(&earlier.path) => {
                        more.extend(routes);
                    }
                    Ok(_) | Err(Reordered) => {
                        failed.push((earlier.text.clone(), later.text.clone()));
                    }
                }
            }
            more.sort_by_key(|route| route.place);
            added.push(more);
        }
        for (path, more) in self.paths.iter_mut().zip(added) {
            for route in more {
                // Of several later ones, the first counts.
                path.routes.extend(path.going_on(&route).ok().flatten());
            }
        }
        failed
    }

    fn add(
        &mut self,
        place: usize,
        route: &Route,
        enforcement: Enforcement,
    ) -> Result<(), Vec<Unsayable>> {
        let mut errors = Vec::new();
        if route.is_guarded {
            errors.push(Unsayable::Guarded);
        }
        let reference = route.endpoint.policy();
        let policy = reference.current();
        if let (None, Some(by)) = (&policy, reference.selector()) {
            errors.push(Unsayable::Selected { by: by.to_owned() });
        }
        if policy.as_ref().is_some_and(|it| it.enforces()) && enforcement == Enforcement::Impossible
        {
            errors.push(Unsayable::Enforce);
        }
        let path = Path::read(&route.path);
        if path.is_none() {
            errors.push(Unsayable::Path);
        }
        if is_too_long(route, path.as_ref(), policy.as_deref()) {
            errors.push(Unsayable::TooLong);
        }
        let Some(path) = path.filter(|_| errors.is_empty()) else { return Err(errors) };
        let cors = policy.map_or(Cors::Program, |policy| Cors::Gateway(self.number(policy)));
        let planned = RoutePlan { methods: route.served.clone(), cors, place };
        let same = |it: &&mut PathPlan| shape(&it.text).eq(shape(&route.path));
        if let Some(path) = self.paths.iter_mut().find(same) {
            path.routes.push(planned);
        } else {
            let (text, routes) = (route.path.clone(), vec![planned]);
            self.paths.push(PathPlan { text, path, routes });
        }
        Ok(())
    }

    /// The policy of a route, if the gateway handles its CORS.
    pub(super) fn policy(&self, route: &RoutePlan) -> Option<&Policy> {
        match route.cors {
            Cors::Gateway(number) => self.policies.get(number).map(|policy| &**policy),
            Cors::Program => None,
        }
    }

    /// The number of a policy, which is that of an equal one.
    fn number(&mut self, policy: Snapshot) -> usize {
        let parts = Parts::of(&policy);
        if let Some(known) = self.policies.iter().position(|it| Parts::of(it) == parts) {
            return known;
        }
        self.policies.push(policy);
        self.policies.len() - 1
    }

    /// Paths that match some of the same requests, of which axum would choose the later one.
    fn ambiguous(&self) -> Vec<(&PathPlan, &PathPlan)> {
        let mut found = Vec::new();
        for (number, earlier) in self.paths.iter().enumerate() {
            for later in self.paths.iter().skip(number + 1) {
                if earlier.path.meets(&later.path) && !earlier.path.is_first_of(&later.path) {
                    found.push((earlier, later));
                }
            }
        }
        found
    }
}

/// A route of a later path comes before one of the path itself.
struct Reordered;

impl PathPlan {
    /// What of a route of a later path is served by no route of this one.
    fn going_on(&self, later: &RoutePlan) -> Result<Option<RoutePlan>, Reordered> {
        let shares = |own: &RoutePlan| match (&own.methods, &later.methods) {
            (Methods::All, _) | (_, Methods::All) => true,
            (Methods::These(own), later) => own.iter().any(|it| later.contains(it.as_bytes())),
        };
        let is_before = |own: &RoutePlan| later.place < own.place && later.cors != own.cors;
        if self.routes.iter().any(|own| shares(own) && is_before(own)) {
            return Err(Reordered);
        }
        let is_served = |method: &Cow<'static, str>| {
            self.routes.iter().any(|own| own.methods.contains(method.as_bytes()))
        };
        let methods = match &later.methods {
            Methods::All if self.routes.iter().any(|own| own.methods == Methods::All) => {
                return Ok(None);
            }
            Methods::All => Methods::All,
            Methods::These(methods) => {
                let left: Vec<_> = methods.iter().filter(|it| !is_served(it)).cloned().collect();
                if left.is_empty() {
                    return Ok(None);
                }
                Methods::These(left)
            }
        };
        Ok(Some(RoutePlan { methods, ..later.clone() }))
    }

    /// Whether the gateway handles the CORS of all of its routes, and their methods are listed: all others
    /// have no route.
    pub(super) fn is_known(&self) -> bool {
        self.routes.iter().all(|route| {
            matches!(route.cors, Cors::Gateway(_)) && matches!(route.methods, Methods::These(_))
        })
    }
}

/// Whether some text is longer than what a gateway reads as one.
fn is_too_long(route: &Route, path: Option<&Path>, policy: Option<&Policy>) -> bool {
    let methods = |it: &[Cow<'static, str>]| it.iter().map(|it| regex::text(it).len() + 1).sum();
    let texts = |it: &Texts| it.iter().map(|it| regex::text(it).len() + 1).sum();
    let declared = policy.and_then(|it| it.parts().methods.as_ref());
    let lengths = [
        path.map(|it| it.escaped_regex().unwrap_or_else(|| it.regex()).len()),
        route.served.served().map(methods),
        declared.map(texts),
        policy.map(|it| headers::list(&it.parts().headers).len()),
        policy.and_then(Policy::exposed).map(|it| it.as_str().len()),
    ];
    lengths.into_iter().flatten().any(|length| length > regex::LONGEST)
}

/// What distinguishes policies.
#[derive(PartialEq, Eq)]
struct Parts<'a> {
    origins: Option<Vec<String>>,
    switches: crate::policy::Switches,
    methods: Option<Vec<&'a str>>,
    headers: (u8, Vec<&'a str>),
    expose: Option<&'a str>,
    max_age: Option<&'a str>,
    status: u16,
}

impl<'a> Parts<'a> {
    fn of(policy: &'a Policy) -> Self {
        Self {
            origins: (!policy.is_none()).then(|| policy.origins().collect()),
            switches: policy.parts().switches,
            methods: policy.parts().methods.as_ref().map(|it| it.iter().collect()),
            headers: match &policy.parts().headers {
                AllowedHeaders::These(names) => (0, names.iter().map(AsRef::as_ref).collect()),
                AllowedHeaders::Any => (1, Vec::new()),
                AllowedHeaders::AnyAndAuthorization => (2, Vec::new()),
            },
            expose: policy.exposed().map(ValueRef::as_str),
            max_age: policy.parts().max_age.as_ref().map(ValueRef::as_str),
            status: policy.parts().preflight_status,
        }
    }
}

/// The methods of requests with a preflight that a policy allows on a route.
pub(super) fn allowed_methods(policy: &Policy, served: &Methods) -> Vec<String> {
    let names: Vec<&str> = match (served.served(), policy.parts().methods.as_ref()) {
        (Some(served), _) => served.iter().map(AsRef::as_ref).collect(),
        (None, Some(declared)) => declared.iter().collect(),
        (None, None) => USUAL_METHODS.iter().map(AsRef::as_ref).collect(),
    };
    let allowed =
        names.iter().filter(|method| policy.allows_method(method.as_bytes(), served.served()));
    allowed.map(ToString::to_string).collect()
}
