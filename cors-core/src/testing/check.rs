//! A self-check: synthetic preflights through a built app, and what should come back.
//!
//! An annotation can be right and still not come through: a layer outside answers preflights,
//! or a redirect does, a handler was never registered. Adapters send the probes of a
//! [`RouteTable`] through the app and let the core judge the responses.

use std::collections::BTreeSet;
use std::fmt;

use crate::adapter::table::{Route, RouteTable, segments};
use crate::header::value::ValueRef;
use crate::origin::set::Origins;
use crate::origin::wildcard::Port;
use crate::policy::Policy;
use crate::policy::snapshot::Snapshot;
use crate::protocol::preflight::is_safelisted_method;
use crate::protocol::response::ResponseHeader;

/// An origin that no policy can allow by accident: the top-level domain is reserved.
const STRANGER: &str = "https://cors-self-check.invalid";

/// A preflight to send through an app, and what its response should be.
///
/// # Examples
///
/// ```
/// use cors_core::RouteTable;
///
/// for probe in RouteTable::default().probes() {
///     println!("OPTIONS {} for {} from {}", probe.path, probe.method, probe.origin);
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Probe<'a> {
    route: &'a Route,
    policy: Snapshot,
    /// The path, with something in the place of each parameter.
    pub path: String,
    /// The requested method.
    pub method: &'a str,
    /// The origin.
    pub origin: String,
    is_allowed: bool,
}

/// The response to a probe, as far as the check needs it.
///
/// # Examples
///
/// ```
/// let answer = cors_core::ProbeAnswer { status: 401, ..Default::default() };
/// assert_eq!(answer.allow_origin, None);
/// ```
#[derive(Debug, Clone, Default)]
pub struct ProbeAnswer {
    /// The status.
    pub status: u16,
    /// `Access-Control-Allow-Origin`
    pub allow_origin: Option<String>,
    /// `Access-Control-Allow-Methods`
    pub allow_methods: Option<String>,
    /// `Access-Control-Allow-Credentials`
    pub allow_credentials: Option<String>,
    /// `Access-Control-Max-Age`
    pub max_age: Option<String>,
}

impl ProbeAnswer {
    /// The response with this status; `header` reads one of its headers.
    pub fn read(status: u16, header: impl Fn(&str) -> Option<String>) -> Self {
        let read = |it: ResponseHeader| header(it.as_str());
        Self {
            status,
            allow_origin: read(ResponseHeader::AccessControlAllowOrigin),
            allow_methods: read(ResponseHeader::AccessControlAllowMethods),
            allow_credentials: read(ResponseHeader::AccessControlAllowCredentials),
            max_age: read(ResponseHeader::AccessControlMaxAge),
        }
    }
}

/// The routes whose policies do not come through, and why.
///
/// # Examples
///
/// See `check` of the adapters, which return it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckError(Vec<String>);

impl CheckError {
    /// Nothing, if there are no findings.
    ///
    /// # Errors
    ///
    /// The findings.
    pub fn from_findings(findings: Vec<String>) -> Result<(), Self> {
        if findings.is_empty() { Ok(()) } else { Err(Self(findings)) }
    }

    /// What was found, a sentence for each route and method.
    #[must_use]
    pub fn findings(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the policies of some routes do not come through:")?;
        for finding in &self.0 {
            writeln!(f, "- {finding}")?;
        }
        Ok(())
    }
}

impl std::error::Error for CheckError {}

impl RouteTable {
    /// The preflights that show whether every policy comes through: for each route and
    /// method one from an allowed origin, and one from an origin that is not. None for a route whose
    /// policy is chosen for each request, or left to the handler.
    pub fn probes(&self) -> impl Iterator<Item = Probe<'_>> {
        self.probes_with(|_| None)
    }

    /// The same for a framework whose parameters may have a regular expression: `sample` returns a text
    /// that one matches, if it finds any.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::Policy;
    /// use cors_core::RouteTable;
    /// use cors_core::adapter::{Endpoint, EndpointId, Methods, Route};
    ///
    /// let policy = Policy::builder().origins(["*"]).build()?;
    /// let endpoint = Endpoint::new("app::page", "src/app.rs:12", policy);
    /// let route = Route::new("/{lang:en|fr}", Methods::of(&["GET"]), EndpointId::unique(), endpoint);
    /// let table: RouteTable = [route].into_iter().collect();
    /// let first = |expression: &str| expression.split('|').next().map(str::to_owned);
    /// assert!(table.probes_with(first).all(|probe| probe.path == "/en"));
    /// # Ok::<(), cors_core::Violations>(())
    /// ```
    pub fn probes_with(
        &self,
        sample: impl Fn(&str) -> Option<String>,
    ) -> impl Iterator<Item = Probe<'_>> {
        let value = self.unused_value();
        let known = self.iter().filter_map(|it| Some((it, it.endpoint.policy().current()?)));
        known.flat_map(move |(route, policy)| {
            let path = fill(&route.path, &value, &sample);
            let methods = route
                .methods
                .served()
                .map_or_else(|| vec!["GET"], |methods| methods.iter().map(AsRef::as_ref).collect());
            methods.into_iter().flat_map(move |method| {
                let probe = |origin, is_allowed| Probe {
                    route,
                    policy: policy.clone(),
                    path: path.clone(),
                    method,
                    origin,
                    is_allowed,
                };
                let stranger = probe(STRANGER.to_owned(), policy.is_public());
                let allowed = sample_origin(&policy).map(|origin| probe(origin, true));
                allowed.into_iter().chain([stranger])
            })
        })
    }

    /// A number that is no segment of a path.
    fn unused_value(&self) -> String {
        let used: BTreeSet<&str> = self.iter().flat_map(|it| segments(&it.path)).collect();
        let mut values = (1..).map(|number: u64| number.to_string());
        values.find(|value| !used.contains(value.as_str())).unwrap_or_default()
    }
}

impl Probe<'_> {
    /// Judges the response: `Some` sentence if the policy did not come through.
    ///
    /// # Examples
    ///
    /// See [`RouteTable::probes`].
    #[must_use]
    pub fn judge(&self, answer: &ProbeAnswer) -> Option<String> {
        let policy: &Policy = &self.policy;
        let is_allowed = self.is_allowed && policy.declares_method(self.method.as_bytes());
        let expected = if policy.is_public() { "*" } else { self.origin.as_str() };
        // Fetch takes every `ok` status, 200 to 299.
        let is_ok = (200..300).contains(&answer.status);
        let comes_through = is_ok
            && answer.allow_origin.as_deref() == Some(expected)
            && answer.allow_methods.as_deref() == Some(self.method)
            && answer.allow_credentials.is_some() == policy.allows_credentials()
            && answer.max_age.as_deref() == policy.parts().max_age.as_ref().map(ValueRef::as_str);
        // What answers in its place may allow it in another way.
        let is_granted = is_ok
            && answer.allow_origin.as_ref().is_some_and(|it| it == "*" || *it == self.origin)
            && self.is_method_granted(answer);
        let what = match (is_allowed, comes_through, is_granted) {
            (true, false, true) => "another policy answers the preflight: build the app with \
                                    `into_app` (axum) or `into_scope` (actix-web), or give that \
                                    layer the list of routes"
                .to_owned(),
            (true, false, false) => self.explain(answer),
            (false, _, true) => "a preflight that the policy rejects is granted: another policy \
                                 answers it; build the app with `into_app` (axum) or `into_scope` \
                                 (actix-web), or give that layer the list of routes"
                .to_owned(),
            _ => return None,
        };
        let Route { path, endpoint, .. } = self.route;
        let (handler, location) = (endpoint.handler(), endpoint.location());
        Some(format!("{} {path} (`{handler}` at {location}): {what}", self.method))
    }

    /// What a browser decides about the method. A partial response, which explains a rejection, names none.
    fn is_method_granted(&self, answer: &ProbeAnswer) -> bool {
        let named = answer.allow_methods.as_deref().unwrap_or_default();
        is_safelisted_method(self.method.as_bytes())
            || named.split(',').map(str::trim).any(|it| it == "*" || it == self.method)
    }

    fn explain(&self, answer: &ProbeAnswer) -> String {
        let hint = match answer.status {
            301 | 302 | 307 | 308 => {
                "something outside redirects it, and browsers follow no redirect of a preflight"
            }
            401 | 403 | 407 => {
                "something outside rejects it: put authentication between CORS and the handlers, \
                 with `into_app` (axum), `into_scope` (actix-web) or `layer` on the list"
            }
            404 | 405 => "no annotated handler answers there: is it registered, under this path?",
            429 => "a rate limit outside counts it",
            _ => "something outside answers in its place",
        };
        format!(
            "the preflight from `{}` to `{}` is answered {} {}; {hint}",
            self.origin,
            self.path,
            answer.status,
            match &answer.allow_origin {
                Some(origin) => format!("with `access-control-allow-origin: {origin}`"),
                None => "without `access-control-allow-origin`".to_owned(),
            }
        )
    }
}

/// The path with something in the place of each parameter, in either framework's syntax: what its
/// expression matches, or the value.
fn fill(path: &str, value: &str, sample: impl Fn(&str) -> Option<String>) -> String {
    let (mut filled, mut rest) = (String::new(), path);
    while let Some((front, behind)) = rest.split_once('{') {
        filled.push_str(front);
        // axum writes a brace that is meant as two.
        if let Some(behind) = behind.strip_prefix('{') {
            filled.push('{');
            rest = behind;
            continue;
        }
        let (parameter, behind) = split_parameter(behind);
        let expression = parameter.split_once(':').and_then(|(_, expression)| sample(expression));
        filled.push_str(expression.as_deref().unwrap_or(value));
        rest = behind;
    }
    filled.push_str(rest);
    filled.replace("}}", "}")
}

/// What is in front of the brace that closes a parameter, and what is behind it.
fn split_parameter(text: &str) -> (&str, &str) {
    let mut depth = 1_usize;
    let end = text.find(|c| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    let (parameter, behind) = text.split_at(end.unwrap_or(text.len()));
    (parameter, behind.strip_prefix('}').unwrap_or(behind))
}

/// An origin that the policy allows.
fn sample_origin(policy: &Policy) -> Option<String> {
    let set = match &policy.parts().origins {
        Origins::Any | Origins::Disabled | Origins::Missing(_) => return None,
        Origins::These(set) => set,
    };
    let exact = set.exact.origins.get(0).map(str::to_owned);
    let wildcard = || {
        let wildcard = set.wildcards.list.first()?;
        let subdomain = if wildcard.subdomains { "self-check." } else { "" };
        let port = match wildcard.port {
            Port::Default => String::new(),
            Port::Number(number) => format!(":{number}"),
            Port::Any => ":8443".to_owned(),
        };
        Some(format!("{}://{subdomain}{}{port}", wildcard.scheme, wildcard.host))
    };
    let pattern = || set.patterns.as_slice().first()?.table.shortest();
    exact.or_else(wildcard).or_else(pattern)
}
