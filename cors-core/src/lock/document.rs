//! The document of a lock: what is written, and what is read back.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::table::{LockedPolicy, RouteLock, TableLock, sorted};
use crate::adapter::table::{Matching, Methods, RouteTable};
use crate::header::texts::Texts;
use crate::header::value::ValueRef;
use crate::origin::parse::findings::Meaning;
use crate::origin::parse::literal::parse;
use crate::origin::parse::tuple::Port;
use crate::origin::patterns::Pattern;
use crate::origin::set::{Missing, OriginSet, Origins};
use crate::pattern;
use crate::policy::snapshot::Snapshot;
use crate::policy::{AllowedHeaders, Parts, Policy, Switches};

/// The version of the format.
const VERSION: u32 = 1;

/// The status of the response to a preflight where a policy names none.
const USUAL_STATUS: u16 = 204;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    /// Whether the framework tries one route after the other, in this order.
    #[serde(default, skip_serializing_if = "is_false")]
    route_by_route: bool,
    #[serde(default)]
    routes: Vec<RouteDocument>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RouteDocument {
    path: String,
    /// `*` for all.
    methods: Vec<String>,
    /// What the framework answers with the route, where that is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    served: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(default, skip_serializing_if = "is_false")]
    guarded: bool,
    handler: String,
    policy: PolicyDocument,
}

/// The keys of the attribute.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PolicyDocument {
    #[serde(skip_serializing_if = "is_false")]
    none: bool,
    #[serde(skip_serializing_if = "is_false")]
    delegated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    select: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    origins: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    origin_patterns: Vec<String>,
    /// Where the origins come from, if they are not part of the program.
    #[serde(skip_serializing_if = "Option::is_none")]
    origins_from: Option<String>,
    #[serde(skip_serializing_if = "is_false")]
    credentials: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    headers: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    expose_headers: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    methods: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_age: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    preflight_status: Option<u16>,
    #[serde(skip_serializing_if = "is_false")]
    private_network: bool,
    #[serde(skip_serializing_if = "is_false")]
    enforce: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde calls")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// Why a document is not a lock.
#[derive(Debug)]
enum Unreadable {
    Version(u32),
    Origin(String),
    Pattern(String),
    Patterns(usize),
    Header(String),
    Several,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(version) => write!(
                f,
                "the lock has version {version}, and this program reads version {VERSION}: write \
                 it anew"
            ),
            Self::Origin(text) => write!(f, "`{text}` is no origin as browsers send it"),
            Self::Pattern(text) => write!(f, "the pattern `{text}` cannot be read"),
            Self::Patterns(count) => write!(f, "{count} patterns are too complex together"),
            Self::Header(text) => write!(f, "`{text}` cannot be in a header"),
            Self::Several => f.write_str(
                "a policy is `none`, `delegated`, chosen by `select`, or has settings of its own, \
                 never two of these",
            ),
        }
    }
}

impl Serialize for RouteTable {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.lock().serialize(serializer)
    }
}

impl Serialize for TableLock {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let routes = self.routes.iter().map(RouteDocument::of).collect();
        let route_by_route = self.matching == Matching::RouteByRoute;
        Document { version: VERSION, route_by_route, routes }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for TableLock {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let document = Document::deserialize(deserializer)?;
        if document.version != VERSION {
            return Err(D::Error::custom(Unreadable::Version(document.version)));
        }
        let read = |route: RouteDocument| {
            let path = route.path.clone();
            let named = |why| D::Error::custom(format_args!("route `{path}`: {why}"));
            route.read().map_err(named)
        };
        let routes: Result<Vec<RouteLock>, D::Error> =
            document.routes.into_iter().map(read).collect();
        let matching =
            if document.route_by_route { Matching::RouteByRoute } else { Matching::PathFirst };
        Ok(Self::new(routes?, matching))
    }
}

impl RouteDocument {
    fn of(route: &RouteLock) -> Self {
        Self {
            path: route.path.clone(),
            methods: names_of(&route.methods),
            served: (route.served != route.methods).then(|| names_of(&route.served)),
            name: route.name.clone(),
            guarded: route.is_guarded,
            handler: route.handler.clone(),
            policy: PolicyDocument::of(&route.policy),
        }
    }

    fn read(self) -> Result<RouteLock, Unreadable> {
        let methods = methods_of(self.methods);
        Ok(RouteLock {
            path: self.path,
            name: self.name,
            served: self.served.map_or_else(|| methods.clone(), methods_of),
            methods,
            is_guarded: self.guarded,
            handler: self.handler,
            policy: self.policy.read()?,
        })
    }
}

fn names_of(methods: &Methods) -> Vec<String> {
    methods
        .served()
        .map_or_else(|| vec!["*".to_owned()], |it| it.iter().map(ToString::to_string).collect())
}

fn methods_of(names: Vec<String>) -> Methods {
    if names.iter().any(|name| name == "*") {
        return Methods::All;
    }
    sorted(&Methods::These(names.into_iter().map(Cow::Owned).collect()))
}

impl PolicyDocument {
    fn of(policy: &LockedPolicy) -> Self {
        match policy {
            LockedPolicy::Delegated => Self { delegated: true, ..Self::default() },
            LockedPolicy::Selected { by } => Self { select: Some(by.clone()), ..Self::default() },
            LockedPolicy::Known { policy, origins_from } => {
                Self { origins_from: origins_from.clone(), ..Self::of_known(policy) }
            }
        }
    }

    fn of_known(policy: &Policy) -> Self {
        if policy.is_none() {
            return Self { none: true, ..Self::default() };
        }
        let set = policy.parts().origins.set();
        let patterns = set.into_iter().flat_map(|it| it.patterns.as_slice());
        let origin_patterns: Vec<String> =
            patterns.map(|it| it.source.clone().into_owned()).collect();
        let literals = policy.count_origins() - origin_patterns.len();
        let status = policy.parts().preflight_status;
        Self {
            origins: in_order(policy.origins().take(literals)),
            origin_patterns: in_order(origin_patterns),
            credentials: policy.parts().switches.credentials,
            headers: match &policy.parts().headers {
                AllowedHeaders::These(names) => in_order(names.iter().map(ToString::to_string)),
                AllowedHeaders::Any => vec!["*".to_owned()],
                AllowedHeaders::AnyAndAuthorization => {
                    vec!["*".to_owned(), "authorization".to_owned()]
                }
            },
            expose_headers: in_order(exposed_names(policy).map(str::to_owned)),
            methods: policy
                .parts()
                .methods
                .as_ref()
                .map(|it| in_order(it.iter().map(ToString::to_string))),
            max_age: policy.parts().max_age.as_ref().and_then(|it| it.as_str().parse().ok()),
            preflight_status: (status != USUAL_STATUS).then_some(status),
            private_network: policy.parts().switches.private_network,
            enforce: policy.parts().switches.enforce,
            ..Self::default()
        }
    }

    fn read(self) -> Result<LockedPolicy, Unreadable> {
        let kinds = [self.none, self.delegated, self.select.is_some(), self.has_settings()];
        if kinds.into_iter().filter(|it| *it).count() > 1 {
            return Err(Unreadable::Several);
        }
        if self.delegated {
            return Ok(LockedPolicy::Delegated);
        }
        if let Some(by) = self.select {
            return Ok(LockedPolicy::Selected { by });
        }
        let origins_from = self.origins_from.clone();
        Ok(LockedPolicy::Known { policy: Snapshot::from(self.read_known()?), origins_from })
    }

    fn has_settings(&self) -> bool {
        !self.origins.is_empty()
            || !self.origin_patterns.is_empty()
            || self.origins_from.is_some()
            || !self.headers.is_empty()
            || !self.expose_headers.is_empty()
            || self.methods.is_some()
            || self.max_age.is_some()
            || self.preflight_status.is_some()
            || self.credentials
            || self.private_network
            || self.enforce
    }

    fn read_known(self) -> Result<Policy, Unreadable> {
        let origins = match self.none {
            true => Origins::Disabled,
            false if self.origins.is_empty() && self.origin_patterns.is_empty() => {
                Origins::Missing(Missing::NotLoaded)
            }
            false => read_origins(self.origins, self.origin_patterns)?,
        };
        let is_any = self.headers.iter().any(|name| name == "*");
        let headers = match (is_any, self.headers.len()) {
            (true, 1) => AllowedHeaders::Any,
            (true, _) => AllowedHeaders::AnyAndAuthorization,
            (false, _) => AllowedHeaders::These(self.headers.into()),
        };
        let expose = self.expose_headers.join(",");
        let expose = if expose.is_empty() {
            None
        } else {
            Some(ValueRef::from_text(expose.clone()).ok_or(Unreadable::Header(expose))?)
        };
        Ok(Policy::new(Parts {
            origins,
            switches: Switches {
                credentials: self.credentials,
                private_network: self.private_network,
                enforce: self.enforce,
            },
            methods: self.methods.map(Texts::from),
            headers,
            expose,
            max_age: self.max_age.and_then(|seconds| ValueRef::from_text(seconds.to_string())),
            preflight_status: self.preflight_status.unwrap_or(USUAL_STATUS),
        }))
    }
}

/// The names that a policy exposes; `*` alone for any.
pub(super) fn exposed_names(policy: &Policy) -> impl Iterator<Item = &str> {
    policy.exposed().into_iter().flat_map(|it| it.as_str().split(','))
}

fn read_origins(literals: Vec<String>, sources: Vec<String>) -> Result<Origins, Unreadable> {
    let (mut exact, mut wildcards, mut patterns) = (Vec::new(), Vec::new(), Vec::new());
    for text in literals {
        match parse(&text).meaning {
            Some(Meaning::Any) => return Ok(Origins::Any),
            Some(Meaning::Tuple(tuple)) if tuple.subdomains || tuple.port == Port::Any => {
                wildcards.push(tuple.into());
            }
            Some(meaning) if meaning.text() == text => exact.push(text),
            _ => return Err(Unreadable::Origin(text)),
        }
    }
    for source in sources {
        let Some(table) = pattern::table(&source) else { return Err(Unreadable::Pattern(source)) };
        patterns.push(Pattern::new(&source, table));
    }
    let count = patterns.len();
    let patterns = pattern::together(patterns).ok_or(Unreadable::Patterns(count))?;
    Ok(Origins::These(OriginSet::new(exact, wildcards, patterns, None)))
}

fn in_order(texts: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut texts: Vec<String> = texts.into_iter().collect();
    texts.sort();
    texts.dedup();
    texts
}
