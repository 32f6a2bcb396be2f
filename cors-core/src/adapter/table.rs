//! Which route has which policy: for people, for programs, and for self-checks.

use std::borrow::Cow;
use std::fmt;

use super::endpoint::Endpoint;
use super::reference::{PolicyRef, load};
use crate::declaration::violation::Violations;
use crate::explain::observe::Site;
use crate::policy::Policy;
use crate::protocol::nested::EndpointId;
use crate::protocol::preflight::Served;

/// The methods of a route.
///
/// # Examples
///
/// ```
/// use cors_core::adapter::Methods;
///
/// assert_eq!(Methods::of(&["GET", "PUT"]).to_string(), "GET PUT");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Methods {
    /// All that there are.
    All,
    /// These, in upper case.
    These(Vec<Cow<'static, str>>),
}

impl Methods {
    /// These.
    #[must_use]
    pub fn of(methods: &[&'static str]) -> Self {
        Self::These(methods.iter().map(|it| Cow::Borrowed(*it)).collect())
    }

    /// Whether a method is one of them.
    #[must_use]
    pub fn contains(&self, method: &[u8]) -> bool {
        self.served().is_none_or(|it| it.iter().any(|it| it.as_bytes() == method))
    }

    /// The same, whatever the case.
    pub(super) fn contains_in_any_case(&self, method: &[u8]) -> bool {
        let is = |it: &Cow<'static, str>| it.as_bytes().eq_ignore_ascii_case(method);
        self.served().is_none_or(|it| it.iter().any(is))
    }

    /// Adds a method.
    pub fn push(&mut self, method: impl Into<Cow<'static, str>>) {
        if let Self::These(methods) = self {
            methods.push(method.into());
        }
    }

    /// The methods by name; `None` for all.
    pub(crate) fn served(&self) -> Served<'_> {
        match self {
            Self::All => None,
            Self::These(methods) => Some(methods),
        }
    }
}

impl fmt::Display for Methods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("*"),
            Self::These(methods) => f.write_str(&methods.join(" ")),
        }
    }
}

/// A route: a handler with its policy, on a path.
///
/// # Examples
///
/// See [`RouteTable`].
#[derive(Debug, Clone)]
pub struct Route {
    /// The path, in the framework's own syntax.
    pub path: String,
    /// The name of the route, where the framework has names.
    pub name: String,
    /// The methods that it declares.
    pub methods: Methods,
    /// The methods that the framework answers with it: on axum, `HEAD` beside `GET`.
    pub served: Methods,
    /// Whether the framework chooses by something else too (a guard), so that another handler may
    /// run.
    pub is_guarded: bool,
    /// Whose policy it is.
    pub id: EndpointId,
    /// The handler with its policy.
    pub endpoint: Endpoint,
}

impl Route {
    /// A route without a name and without guards, whose handler serves the methods that it declares.
    pub fn new(
        path: impl Into<String>,
        methods: Methods,
        id: EndpointId,
        endpoint: Endpoint,
    ) -> Self {
        let (path, served) = (path.into(), methods.clone());
        Self { path, name: String::new(), methods, served, is_guarded: false, id, endpoint }
    }

    /// Why this route and a later one cannot be registered side by side, if they cannot.
    pub(super) fn conflict<'a>(
        &'a self,
        later: &'a Self,
        matching: Matching,
    ) -> Option<Conflict<'a>> {
        if self.is_guarded || !has_same_shape(&self.path, &later.path) {
            return None;
        }
        let method = self.shared_method(later);
        let is_conflict =
            method.is_some() || (matching == Matching::PathFirst && self.path != later.path);
        is_conflict.then_some(Conflict { earlier: self, later, method })
    }

    /// Where a decision about the route is made, for the log and the counters.
    pub(super) fn site(&self) -> Site<'_> {
        Site { handler: Some(self.endpoint.handler_name()), served: self.served.served() }
    }

    /// A method that both declare.
    fn shared_method<'a>(&'a self, later: &'a Self) -> Option<&'a str> {
        match (&self.methods, &later.methods) {
            (Methods::All, Methods::All) => Some("*"),
            (Methods::These(methods), Methods::All) | (Methods::All, Methods::These(methods)) => {
                methods.first().map(AsRef::as_ref)
            }
            (Methods::These(these), later) => {
                these.iter().find(|it| later.contains(it.as_bytes())).map(AsRef::as_ref)
            }
        }
    }
}

/// How a framework finds the route of a request.
///
/// # Examples
///
/// See [`RouteList`](super::RouteList).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Matching {
    /// First the path, of which the most specific one counts, then the method: axum. A path has one
    /// name for each parameter.
    #[default]
    PathFirst,
    /// Path and method of one route after the other, in the order of their registration: actix-web.
    RouteByRoute,
}

/// Two routes that cannot be registered side by side: both serve a method of one path, or they
/// name the parameters of one path differently.
#[derive(Debug)]
pub(super) struct Conflict<'a> {
    earlier: &'a Route,
    later: &'a Route,
    method: Option<&'a str>,
}

impl fmt::Display for Conflict<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (one, other) = (&self.earlier.endpoint, &self.later.endpoint);
        let (path, later) = (&self.earlier.path, &self.later.path);
        match self.method {
            Some(method) => write!(f, "two handlers for {method} {later}: ")?,
            None => write!(f, "two names for one path: `{path}` and `{later}`: ")?,
        }
        write!(f, "`{}` at {}", one.handler(), one.location())?;
        write!(f, " and `{}` at {}", other.handler(), other.location())?;
        f.write_str(match self.method {
            Some(_) => {
                "\nhelp: only one of them can answer, so take the other out or change its route"
            }
            None => "\nhelp: give the parameters the same names in both",
        })
    }
}

/// Whether two paths match the same requests, whatever their parameters are called.
fn has_same_shape(left: &str, right: &str) -> bool {
    shape(left).eq(shape(right))
}

/// The segments of a path without the names of its parameters: two paths with the same ones match
/// the same requests.
pub(crate) fn shape(path: &str) -> impl Iterator<Item = Cow<'_, str>> {
    segments(path).map(|segment| {
        let is_parameter =
            segment.starts_with('{') && !segment.starts_with("{{") && segment.ends_with('}');
        if !is_parameter {
            return Cow::Borrowed(segment);
        }
        // What a parameter matches is part of the shape: the rest of the path, or a regex.
        let star = if segment.starts_with("{*") { "*" } else { "" };
        let regex = segment.split_once(':').map_or("}", |(_, regex)| regex);
        Cow::Owned(format!("{{{star}:{regex}"))
    })
}

/// The segments of a route's path, in the syntax of either framework: what the slashes separate that
/// are not inside of a parameter's expression.
///
/// # Examples
///
/// ```
/// use cors_core::adapter::segments;
///
/// assert!(segments("/users/{id:[^/]+}/files").eq(["", "users", "{id:[^/]+}", "files"]));
/// ```
pub fn segments(path: &str) -> impl Iterator<Item = &str> {
    let (mut depth, mut before) = (0_usize, None);
    path.split(move |c| {
        match c {
            // Two are one brace that is meant literally: a parameter begins with its name.
            '{' if depth == 1 && before == Some('{') => depth = 0,
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        before = Some(c);
        c == '/' && depth == 0
    })
}

/// Whether two paths may match one request: parameters match anything.
pub(crate) fn may_overlap(one: &str, other: &str) -> bool {
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

/// The path of a route below a prefix: `/api` and `/users` give `/api/users`, `/api` and `/` give
/// `/api`.
///
/// # Examples
///
/// ```
/// use cors_core::adapter::nested_path;
///
/// assert_eq!(nested_path("/api", "/users"), "/api/users");
/// assert_eq!(nested_path("/api", "/"), "/api");
/// assert_eq!(nested_path("/api/", "/"), "/api/");
/// ```
#[must_use]
pub fn nested_path(prefix: &str, path: &str) -> String {
    match (prefix.strip_suffix('/'), path) {
        (Some(prefix), path) => format!("{prefix}{path}"),
        (None, "/") => prefix.to_owned(),
        (None, path) => format!("{prefix}{path}"),
    }
}

/// The routes of a program with their policies: printed, a table; iterated, data.
///
/// # Examples
///
/// ```
/// use cors_core::adapter::{Endpoint, EndpointId, Methods, Route};
/// use cors_core::{Policy, RouteTable};
///
/// let policy = Policy::builder().origins(["*"]).build()?;
/// let table: RouteTable = [Route {
///     served: Methods::of(&["GET", "HEAD"]),
///     ..Route::new("/internal", Methods::of(&["GET"]), EndpointId::unique(), Endpoint::new("app::internal", "src/app.rs:12", policy))
/// }]
/// .into_iter()
/// .collect();
/// assert!(table.to_string().contains("/internal"));
/// assert_eq!(table.iter().count(), 1);
/// # Ok::<(), cors_core::Violations>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct RouteTable {
    routes: Vec<Route>,
    matching: Matching,
    /// The policy of everything that is none of the routes.
    default: Option<PolicyRef>,
}

impl RouteTable {
    /// The routes, in the order of their registration.
    pub fn iter(&self) -> std::slice::Iter<'_, Route> {
        self.routes.iter()
    }

    /// The same routes, found in another way than by the most specific path first. Gateways go by it.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::RouteTable;
    /// use cors_core::adapter::Matching;
    ///
    /// let table = RouteTable::default().matched(Matching::RouteByRoute);
    /// assert_eq!(table.matching(), Matching::RouteByRoute);
    /// ```
    #[must_use]
    pub fn matched(self, matching: Matching) -> Self {
        Self { matching, ..self }
    }

    /// How the framework finds the route of a request.
    #[must_use]
    pub const fn matching(&self) -> Matching {
        self.matching
    }

    /// The same routes, with a policy for everything that is none of them.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::{Policy, PolicyRef, RouteTable};
    ///
    /// let policy = PolicyRef::from(Policy::builder().origins(["*"]).build()?);
    /// let table = RouteTable::default().default_policy(Some(policy));
    /// assert!(table.to_string().contains("(everything else)"));
    /// # Ok::<(), cors_core::Violations>(())
    /// ```
    #[must_use]
    pub fn default_policy(self, policy: Option<PolicyRef>) -> Self {
        Self { default: policy, ..self }
    }

    /// That policy.
    pub(crate) const fn everything_else(&self) -> Option<&PolicyRef> {
        self.default.as_ref()
    }

    /// Changes the routes: to those that a framework makes of them.
    #[must_use]
    pub fn map(self, change: impl FnMut(Route) -> Route) -> Self {
        Self { routes: self.routes.into_iter().map(change).collect(), ..self }
    }

    /// Reads the origins of all policies that come from the environment, unless they were read
    /// before. Registering the routes does it; a program that calls it first can end with a message
    /// of its own.
    ///
    /// # Errors
    ///
    /// The violations of all policies; each names its variable.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::RouteTable;
    ///
    /// assert!(RouteTable::default().load().is_ok());
    /// ```
    pub fn load(&self) -> Result<(), Violations> {
        load(self.policies())
    }

    /// The policies of the routes, and the one of everything else.
    pub fn policies(&self) -> impl Iterator<Item = &PolicyRef> {
        self.iter().map(|route| route.endpoint.policy()).chain(&self.default)
    }
}

impl FromIterator<Route> for RouteTable {
    fn from_iter<I: IntoIterator<Item = Route>>(routes: I) -> Self {
        let routes = routes.into_iter().collect();
        Self { routes, matching: Matching::default(), default: None }
    }
}

impl<'a> IntoIterator for &'a RouteTable {
    type Item = &'a Route;
    type IntoIter = std::slice::Iter<'a, Route>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for RouteTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["METHODS", "PATH", "READABLE BY", "CREDENTIALS", "ENFORCED", "HANDLER"];
        let routes = self.iter().flat_map(|route| {
            let Route { methods, path, endpoint, .. } = route;
            rows(&methods.to_string(), path, endpoint.policy(), endpoint.handler())
        });
        let default = self.default.iter().flat_map(|it| rows("*", "(everything else)", it, ""));
        let head = std::iter::once(head.map(str::to_owned));
        let rows: Vec<[String; 6]> = head.chain(routes).chain(default).collect();
        let width = |column: usize| {
            rows.iter().filter_map(|row| row.get(column)).map(|it| it.chars().count()).max()
        };
        let widths: Vec<usize> = (0..6).map(|column| width(column).unwrap_or(0)).collect();
        for row in &rows {
            let cells: Vec<String> =
                row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            writeln!(f, "{}", cells.join("  ").trim_end())?;
        }
        Ok(())
    }
}

/// A route with its policy, and below it the candidate, if it has one.
fn rows(
    methods: &str,
    path: &str,
    policy: &PolicyRef,
    handler: &str,
) -> impl Iterator<Item = [String; 6]> + use<> {
    let [readable_by, credentials, enforced] = columns(policy);
    let (methods, path, handler) = (methods.to_owned(), path.to_owned(), handler.to_owned());
    let row = [methods, path, readable_by, credentials, enforced, handler];
    let candidate = policy.candidate().map(|candidate| {
        let [readable_by, credentials, enforced] = columns(candidate);
        let readable_by = format!("candidate: {readable_by}");
        [String::new(), String::new(), readable_by, credentials, enforced, String::new()]
    });
    std::iter::once(row).chain(candidate)
}

/// The columns about a policy.
fn columns(policy: &PolicyRef) -> [String; 3] {
    let current = policy.current();
    let yes = |is: fn(&Policy) -> bool| match &current {
        Some(policy) if is(policy) => "yes",
        None if !policy.is_delegated() => "varies",
        Some(_) | None => "-",
    };
    let credentials = yes(Policy::allows_credentials).to_owned();
    [readers(policy), credentials, yes(Policy::enforces).to_owned()]
}

/// Which origins a policy allows, and where they come from.
fn readers(policy: &PolicyRef) -> String {
    if policy.is_delegated() {
        return "left to the handler".to_owned();
    }
    let allowed = policy.current().map(|it| allowed(&it));
    match (policy.source(), allowed) {
        (Some(source), Some(allowed)) => format!("{allowed} ({source})"),
        (Some(source), None) => source,
        (None, allowed) => allowed.unwrap_or_default(),
    }
}

/// The first origins by name, the rest by number: a row stays a row.
fn allowed(policy: &Policy) -> String {
    const NAMED: usize = 2;
    if policy.is_public() {
        return "any origin".to_owned();
    }
    if policy.is_none() {
        return "no CORS".to_owned();
    }
    if policy.count_origins() == 0 {
        return "no origin".to_owned();
    }
    let named = policy.origins().take(NAMED).collect::<Vec<String>>().join(" ");
    let more = match policy.count_origins().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" +{more}"),
    };
    let open = policy.open_origin().map(|open| format!(" (anyone can be {open})"));
    format!("{named}{more}{}", open.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn read_by(origins: &[&str], expected: &str) {
        let policy = Policy::builder().origins(origins.iter().copied()).build().unwrap();
        assert_eq!(allowed(&policy), expected);
    }

    #[test]
    fn origins_that_anyone_can_have_are_marked() {
        read_by(&["*"], "any origin");
        read_by(&["https://*.example.com"], "https://*.example.com");
        read_by(
            &["https://*.github.io"],
            "https://*.github.io (anyone can be https://*.github.io)",
        );
        read_by(
            &["https://a.example", "https://b.example", "https://*.com"],
            "https://a.example https://b.example +1 (anyone can be https://*.com)",
        );
    }

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
