//! What the table is run against.

pub(crate) mod actix;
pub(crate) mod axum;
pub(crate) mod beside;
pub(crate) mod core;
pub(crate) mod poem;

use cors_core::{Danger, MaxAge, PolicyRef, PolicySpec};

use crate::model::{self, Case, EngineName, Route};
use crate::seen::Seen;

pub use actix::{ActixAnnotated, ActixApp, ActixMiddleware, ActixRegistered};
pub use axum::{AxumAnnotated, AxumApp, AxumLayer, AxumRegistered};
pub use beside::Beside;
pub use core::Core;
pub use poem::PoemMiddleware;

/// A way to serve a case.
pub trait Engine {
    /// Its name in the table.
    const NAME: EngineName;

    /// Builds the app of a case, with its routes in the order of the table or the other way
    /// round, and a candidate beside every policy that is made at run time, and asks it everything.
    fn answers(case: &Case, order: Order, beside: Beside) -> Vec<Seen>;
}

/// The order in which routes are registered. Nothing may depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As the table has it.
    Table,
    /// The other way round.
    Reversed,
}

impl Order {
    fn apply<T>(self, mut items: Vec<T>) -> Vec<T> {
        if self == Self::Reversed {
            items.reverse();
        }
        items
    }
}

/// A policy at run time, for the engines that need no attribute.
pub(crate) fn policy(policy: &model::Policy, beside: Beside) -> PolicyRef {
    beside.put(built(policy))
}

pub(crate) fn built(policy: &model::Policy) -> cors_core::Policy {
    let texts = |texts: &model::Texts| texts.as_slice().to_vec();
    let danger = |name: &String| {
        let danger = name.parse::<Danger>();
        danger.unwrap_or_else(|error| panic!("{error}"))
    };
    let spec = PolicySpec {
        origins: texts(&policy.origins),
        origin_patterns: texts(&policy.origin_patterns),
        sites: texts(&policy.sites),
        credentials: policy.credentials,
        headers: texts(&policy.headers),
        expose_headers: texts(&policy.expose_headers),
        methods: policy.methods.clone(),
        max_age: policy.max_age.as_ref().map(|it| match it {
            model::MaxAge::Seconds(seconds) => MaxAge::Seconds(*seconds),
            model::MaxAge::Text(text) => MaxAge::Text(text.clone()),
        }),
        preflight_status: policy.preflight_status,
        private_network: policy.private_network,
        enforce: policy.enforce,
        dangerously_allow: policy.dangerously_allow.iter().map(danger).collect(),
        ..PolicySpec::default()
    };
    spec.build().unwrap_or_else(|violations| panic!("{violations}"))
}

/// The policies of layers around the app, the outermost first.
fn around(case: &Case, beside: Beside) -> Vec<PolicyRef> {
    case.around.iter().map(|it| policy(it, beside)).collect()
}

/// The policy of a layer that stands for the annotations.
fn only_policy(case: &Case, beside: Beside) -> PolicyRef {
    policy(case.only_policy().expect("the runner asks before"), beside)
}

/// The policy of a route that is registered explicitly.
fn route_policy(route: &Route, beside: Beside) -> Option<PolicyRef> {
    match &route.policy {
        Some(declared) => Some(policy(declared, beside)),
        None if route.none => {
            Some(beside.put(cors_core::Policy::builder().none().build().unwrap()))
        }
        None => None,
    }
}

/// The number under which the build script wrote an app down.
fn app_number(case: &Case, engine: EngineName) -> usize {
    let topics = crate::topics();
    let apps = model::apps(topics, engine);
    apps.iter().position(|app| *app == case.app()).expect("the build script read the same table")
}

/// Routes by path, in the order of their first appearance.
fn by_path(routes: &[Route]) -> Vec<(&str, Vec<&Route>)> {
    let mut paths: Vec<(&str, Vec<&Route>)> = Vec::new();
    for route in routes {
        match paths.iter_mut().find(|(path, _)| *path == route.path) {
            Some((_, routes)) => routes.push(route),
            None => paths.push((&route.path, vec![route])),
        }
    }
    paths
}
