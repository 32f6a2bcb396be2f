//! The routes of a program with their policies, at the moment at which they were written down.

use std::borrow::Cow;

use crate::adapter::reference::PolicyRef;
use crate::adapter::table::{Matching, Methods, Route, RouteTable};
use crate::policy::Policy;
use crate::policy::snapshot::Snapshot;

/// The routes of a program with their policies, as data: what is written into a document, committed,
/// and read back to be compared.
///
/// A [`RouteTable`] serialises as its lock, with whatever `serde` has a format for. The document has
/// the keys of the attribute, leaves out what a policy does not declare, names no file and no line, and
/// sorts routes by path, method and handler, and names and origins by their text. So it changes if
/// and only if a route or a policy does. Where the framework tries one route after the other
/// (actix-web), it has them in that order, which is part of what they do. The policy of everything else
/// is the route `*`. Its `version` is that of the format; a document of another version is not read.
///
/// A lock contains the origins that were known when it was made: those that come
/// [from the environment](crate::PolicyCell) or are set at run time are the ones of that moment, and
/// `debug_origins` are there if the build has debug assertions. Where a function
/// [selects](PolicyRef::select) the policy, or the handler handles CORS itself, the lock records only
/// that.
///
/// # Examples
///
/// ```
/// use cors_core::adapter::{Endpoint, EndpointId, Methods, Route};
/// use cors_core::{Policy, RouteTable, TableDiff, TableLock};
///
/// fn table(policy: Policy) -> RouteTable {
///     let route = Route::new(
///         "/users/{id}",
///         Methods::of(&["PUT"]),
///         EndpointId::unique(),
///         Endpoint::new("app::update_user", "src/app.rs:12", policy),
///     );
///     [route].into_iter().collect()
/// }
///
/// let policy = Policy::builder().origins(["https://app.example.com"]).credentials().build()?;
/// let committed = toml::to_string(&table(policy))?;
/// assert_eq!(
///     committed,
///     r#"version = 1
///
/// [[routes]]
/// path = "/users/{id}"
/// methods = ["PUT"]
/// handler = "app::update_user"
///
/// [routes.policy]
/// origins = ["https://app.example.com"]
/// credentials = true
/// "#
/// );
///
/// let before: TableLock = toml::from_str(&committed)?;
/// let origins = ["https://app.example.com", "https://*.partner.example.com"];
/// let policy = Policy::builder().origins(origins).credentials().build()?;
/// let diff = TableDiff::between(&before, &table(policy).lock());
/// assert!(!diff.only_narrows());
/// assert_eq!(
///     diff.changes()[0].to_string(),
///     "`PUT /users/{id}` can now be called with cookies by every subdomain of \
///      `partner.example.com`",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct TableLock {
    /// Sorted, unless the framework tries one route after the other.
    pub(super) routes: Vec<RouteLock>,
    pub(super) matching: Matching,
}

/// A route with its policy.
#[derive(Debug, Clone)]
pub(super) struct RouteLock {
    pub(super) path: String,
    pub(super) name: String,
    pub(super) methods: Methods,
    pub(super) served: Methods,
    pub(super) is_guarded: bool,
    pub(super) handler: String,
    pub(super) policy: LockedPolicy,
}

/// What is known of the policy of a route.
#[derive(Debug, Clone)]
pub(super) enum LockedPolicy {
    /// The handler handles CORS itself.
    Delegated,
    /// A function chooses it for each request.
    Selected {
        /// The function.
        by: String,
    },
    Known {
        policy: Snapshot,
        /// Where the origins come from, if they are not part of the program.
        origins_from: Option<String>,
    },
}

impl TableLock {
    pub(super) fn new(mut routes: Vec<RouteLock>, matching: Matching) -> Self {
        if matching == Matching::PathFirst {
            routes.sort_by_cached_key(|it| {
                (it.path.clone(), it.methods.to_string(), it.handler.clone(), it.name.clone())
            });
        }
        Self { routes, matching }
    }
}

impl RouteTable {
    /// The routes with their policies as they are now.
    ///
    /// # Examples
    ///
    /// See [`TableLock`].
    #[must_use]
    pub fn lock(&self) -> TableLock {
        let default = self.everything_else().map(RouteLock::of_everything_else);
        let routes = self.iter().map(RouteLock::of).chain(default);
        TableLock::new(routes.collect(), self.matching())
    }
}

/// The path of everything that is none of the routes; no route has it.
pub(super) const EVERYTHING_ELSE: &str = "*";

impl RouteLock {
    fn of_everything_else(policy: &PolicyRef) -> Self {
        Self {
            path: EVERYTHING_ELSE.to_owned(),
            name: String::new(),
            methods: Methods::All,
            served: Methods::All,
            is_guarded: false,
            handler: String::new(),
            policy: LockedPolicy::of(policy),
        }
    }

    fn of(route: &Route) -> Self {
        Self {
            path: route.path.clone(),
            name: route.name.clone(),
            methods: sorted(&route.methods),
            served: sorted(&route.served),
            is_guarded: route.is_guarded,
            handler: route.endpoint.handler().to_owned(),
            policy: LockedPolicy::of(route.endpoint.policy()),
        }
    }
}

/// The methods by name.
pub(super) fn sorted(methods: &Methods) -> Methods {
    match methods {
        Methods::All => Methods::All,
        Methods::These(methods) => {
            let mut methods: Vec<Cow<'static, str>> = methods.clone();
            methods.sort();
            methods.dedup();
            Methods::These(methods)
        }
    }
}

impl LockedPolicy {
    fn of(policy: &PolicyRef) -> Self {
        match (policy.current(), policy.selector()) {
            (Some(current), _) => Self::Known { policy: current, origins_from: policy.source() },
            (None, Some(name)) => Self::Selected { by: name.to_owned() },
            (None, None) => Self::Delegated,
        }
    }

    /// Where the origins come from, if they are not part of the program.
    pub(super) fn source(&self) -> Option<&str> {
        match self {
            Self::Known { origins_from, .. } => origins_from.as_deref(),
            Self::Delegated | Self::Selected { .. } => None,
        }
    }

    /// The policy, where it is known.
    pub(super) fn known(&self) -> Option<&Policy> {
        match self {
            Self::Known { policy, .. } => Some(policy),
            Self::Delegated | Self::Selected { .. } => None,
        }
    }
}
