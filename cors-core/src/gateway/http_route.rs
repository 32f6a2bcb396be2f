//! Routes of the Kubernetes Gateway API.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::HEADERS;
use super::comment;
use super::plan::{Enforcement, PathPlan, Plan, allowed_methods};
use super::problem::GatewayErrors;
use super::yaml::{list, quoted};
use crate::adapter::table::{Methods, RouteTable};
use crate::origin::wildcard::Port;
use crate::policy::{AllowedHeaders, Policy};
use crate::protocol::preflight::is_safelisted_method;

/// Where the routes of the Kubernetes Gateway API are attached, and what they forward to.
///
/// # Examples
///
/// See [`http_route`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backend<'a> {
    /// The name of the routes, to which a number is added.
    pub name: &'a str,
    /// The name of the `Gateway`.
    pub gateway: &'a str,
    /// The name of the `Service`.
    pub service: &'a str,
    /// Its port.
    pub port: u16,
}

/// `HTTPRoute`s of the Kubernetes Gateway API, as YAML, with the `CORS` filter that is in the standard
/// channel [since version 1.5][1].
///
/// The upstream must not write `Access-Control-*` headers itself where the filter does: register its
/// handlers with [`PolicyRef::delegated`](crate::PolicyRef::delegated). Which status a preflight gets,
/// and whether one that is not allowed is forwarded, is for the implementation of the gateway to say.
/// A path with parameters is matched by a regular expression, which not every implementation
/// supports.
///
/// [1]: https://gateway-api.sigs.k8s.io/guides/http-cors
///
/// # Errors
///
/// All routes whose policies cannot be expressed, those with `enforce` among them: the filter forwards
/// requests of all origins.
///
/// # Examples
///
/// ```
/// use cors_core::adapter::{Endpoint, EndpointId, Methods, Route};
/// use cors_core::gateway::{Backend, http_route};
/// use cors_core::{Policy, RouteTable};
///
/// let policy = Policy::builder().origins(["https://*.example.com"]).credentials().build()?;
/// let table: RouteTable = [Route::new(
///     "/users",
///     Methods::of(&["PUT"]),
///     EndpointId::unique(),
///     Endpoint::new("app::update_user", "src/app.rs:12", policy),
/// )]
/// .into_iter()
/// .collect();
/// let backend = Backend { name: "users", gateway: "public", service: "app", port: 8080 };
/// let routes = http_route(&table, &backend)?;
/// assert!(routes.contains(r#"allowOrigins: ["https://*.example.com"]"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn http_route(table: &RouteTable, backend: &Backend<'_>) -> Result<String, GatewayErrors> {
    let plan = Plan::of(table, Enforcement::Impossible)?;
    let mut rules = Vec::new();
    for path in &plan.paths {
        for route in &path.routes {
            let policy = plan.policy(route);
            rules.extend(policy.and_then(|it| refused(path, &route.methods, it, backend)));
            rules.push(rule(path, &route.methods, policy, backend));
        }
        let is_all = path.routes.iter().any(|route| route.methods == Methods::All);
        if !is_all {
            rules.push(rest(path, backend));
        }
    }
    let mut text = String::from("# Made from a route table; do not edit.\n");
    let (mut documents, mut count, mut matches) = (0, MOST_RULES, 0);
    for rule in rules {
        if count == MOST_RULES || matches + rule.matches > MOST_MATCHES {
            text += &document(documents, backend);
            (documents, count, matches) = (documents + 1, 0, 0);
        }
        count += usize::from(rule.matches > 0);
        matches += rule.matches;
        text += &rule.text;
    }
    Ok(text)
}

/// A rule of a route.
struct Rule {
    text: String,
    /// How many matches it has.
    matches: usize,
}

/// How many rules a route may have.
const MOST_RULES: usize = 16;

/// How many matches its rules may have together.
const MOST_MATCHES: usize = 127;

/// How many origins, and how many names of headers, a filter may have.
const MOST_ELEMENTS: usize = 64;

/// The methods that a route can match.
const METHODS: [&str; 9] =
    ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

fn document(number: usize, backend: &Backend<'_>) -> String {
    let name = format!("{}-{}", backend.name, number + 1);
    format!(
        "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata:\n  name: {}\nspec:\n  \
         parentRefs:\n  - name: {}\n  rules:\n",
        quoted(&name),
        quoted(backend.gateway)
    )
}

fn rule(
    path: &PathPlan,
    methods: &Methods,
    policy: Option<&Policy>,
    backend: &Backend<'_>,
) -> Rule {
    let mut text = comment("  # ", &path.text);
    // Without a match, a rule is for all requests.
    let can_match = |method: &Cow<'_, str>| METHODS.contains(&method.as_ref());
    if methods.served().is_some_and(|served| !served.iter().any(can_match)) {
        text += &comment("  # not said: the methods ", &methods.to_string());
        return Rule { text, matches: 0 };
    }
    let filter = match policy {
        None => {
            text += "  # Handles CORS itself.\n";
            String::new()
        }
        Some(policy) if policy.is_none() => without(),
        Some(policy) => filter(policy, methods, &mut text),
    };
    let place = place(path);
    text += "  - matches:\n";
    let mut matches = 0;
    match methods.served() {
        None => {
            matches += 1;
            let _ = writeln!(text, "    - {place}");
        }
        Some(served) => {
            for method in served.iter().filter(|it| can_match(it)) {
                matches += 1;
                let _ = writeln!(text, "    - {place}\n      method: {method}");
                if !policy.is_some_and(|it| refuses(it, methods, method)) {
                    matches += 1;
                    text += &preflight_match(&place, method);
                }
            }
        }
    }
    Rule { text: text + &filter + &backend_ref(backend), matches }
}

fn preflight_match(place: &str, method: &str) -> String {
    format!(
        "    - {place}\n      method: OPTIONS\n      headers:\n      - name: \
         Access-Control-Request-Method\n        value: {}\n",
        quoted(method)
    )
}

/// Whether a policy allows no preflight of a method that browsers do not look for in the list of the
/// filter.
fn refuses(policy: &Policy, served: &Methods, method: &str) -> bool {
    is_safelisted_method(method.as_bytes())
        && !policy.allows_method(method.as_bytes(), served.served())
}

/// The preflights that the filter cannot reject, without the filter.
fn refused(
    path: &PathPlan,
    served: &Methods,
    policy: &Policy,
    backend: &Backend<'_>,
) -> Option<Rule> {
    let place = place(path);
    let is_refused =
        |method: &&str| served.contains(method.as_bytes()) && refuses(policy, served, method);
    let matches: Vec<String> = METHODS
        .into_iter()
        .filter(is_refused)
        .map(|method| preflight_match(&place, method))
        .collect();
    let text = format!("  - matches:\n{}{}{}", matches.concat(), without(), backend_ref(backend));
    (!matches.is_empty()).then_some(Rule { text, matches: matches.len() })
}

/// Requests to a path with another method.
fn rest(path: &PathPlan, backend: &Backend<'_>) -> Rule {
    let removed = if path.is_known() { without() } else { String::new() };
    let text = format!("  - matches:\n    - {}\n{removed}{}", place(path), backend_ref(backend));
    Rule { text, matches: 1 }
}

fn place(path: &PathPlan) -> String {
    let (kind, value) = match path.path.literal().filter(|it| can_be_exact(it)) {
        Some(literal) => ("Exact", literal),
        None => ("RegularExpression", path.path.regex()),
    };
    format!("path:\n        type: {kind}\n        value: {}", quoted(&value))
}

/// Whether a path may be an exact one: not if it is one that a server may normalise.
fn can_be_exact(path: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-/._~!$&'()*+,;=:@".contains(&byte);
    path.bytes().all(is_plain) && !path.contains("//") && !path.contains("/.")
}

fn backend_ref(backend: &Backend<'_>) -> String {
    let (name, port) = (quoted(backend.service), backend.port);
    format!("    backendRefs:\n    - name: {name}\n      port: {port}\n")
}

/// Removes the CORS headers of the upstream.
fn without() -> String {
    format!(
        "    filters:\n    - type: ResponseHeaderModifier\n      responseHeaderModifier:\n        \
         remove: {}\n",
        list(&HEADERS)
    )
}

/// The filter, with what it cannot express as comments before the rule.
fn filter(policy: &Policy, served: &Methods, comments: &mut String) -> String {
    let mut note = |text: &str| *comments += &comment("  # not said: ", text);
    let origins = origins(policy, &mut note);
    if policy.parts().preflight_status != 204 {
        note(&format!("preflights are answered with {}", policy.parts().preflight_status));
    }
    if policy.parts().switches.private_network {
        note("public pages may call the route on a private network");
    }
    let mut methods = allowed_methods(policy, served);
    methods.retain(|method| {
        let is_known = METHODS.contains(&method.as_str());
        if !is_known {
            note(&format!("the method `{method}`"));
        }
        is_known
    });
    let headers = headers(policy, &mut note);
    let expose: Vec<&str> =
        policy.exposed().into_iter().flat_map(|it| it.as_str().split(',')).collect();
    let expose = limited(expose, "response header", &mut note);
    let max_age = seconds(policy, &mut note);
    if origins.is_empty() {
        return without();
    }
    let mut text = String::from("    filters:\n    - type: CORS\n      cors:\n");
    let mut field = |name: &str, value: &str| {
        let _ = writeln!(text, "        {name}: {value}");
    };
    field("allowOrigins", &list(&origins));
    if policy.allows_credentials() {
        field("allowCredentials", "true");
    }
    if !methods.is_empty() {
        field("allowMethods", &list(&methods));
    }
    if !headers.is_empty() {
        field("allowHeaders", &list(&headers));
    }
    if !expose.is_empty() {
        field("exposeHeaders", &list(&expose));
    }
    field("maxAge", &max_age.to_string());
    text
}

/// How long a preflight is kept; the filter's default is that of browsers.
fn seconds(policy: &Policy, note: &mut impl FnMut(&str)) -> u32 {
    const USUAL: u32 = 5;
    const LEAST: u32 = 1;
    let declared =
        policy.parts().max_age.as_ref().map_or(Some(USUAL), |it| it.as_str().parse().ok());
    match declared {
        Some(0) | None => {
            note("browsers do not keep preflights; the least is one second");
            LEAST
        }
        Some(seconds) => seconds,
    }
}

fn origins(policy: &Policy, note: &mut impl FnMut(&str)) -> Vec<String> {
    if policy.is_public() {
        return vec!["*".to_owned()];
    }
    let Some(set) = policy.parts().origins.set() else { return Vec::new() };
    let is_web = |origin: &str| origin.starts_with("https://") || origin.starts_with("http://");
    let mut origins: Vec<String> = Vec::new();
    let mut push = |origin: String, can_say: bool| {
        if can_say {
            origins.push(origin);
        } else {
            note(&format!("the origin `{origin}`"));
        }
    };
    for origin in set.exact.origins.iter() {
        // A bracket is no host for the filter.
        push(origin.to_owned(), is_web(origin) && !origin.contains('['));
    }
    for wildcard in set.wildcards.list.iter() {
        let origin = wildcard.to_string();
        let can_say = is_web(&origin) && wildcard.port != Port::Any;
        push(origin, can_say);
    }
    for pattern in set.patterns.as_slice() {
        push(pattern.source.clone().into_owned(), false);
    }
    limited(origins, "origin", note)
}

fn headers(policy: &Policy, note: &mut impl FnMut(&str)) -> Vec<String> {
    match &policy.parts().headers {
        AllowedHeaders::These(names) => {
            limited(names.iter().map(ToString::to_string).collect(), "request header", note)
        }
        AllowedHeaders::Any => {
            note("any request header but `authorization`, which `*` may allow, too");
            Vec::new()
        }
        AllowedHeaders::AnyAndAuthorization => vec!["*".to_owned()],
    }
}

/// As many as a filter may have.
fn limited<T: AsRef<str>>(mut elements: Vec<T>, what: &str, note: &mut impl FnMut(&str)) -> Vec<T> {
    for left_out in elements.iter().skip(MOST_ELEMENTS) {
        note(&format!(
            "the {what} `{}`, as there are more than {MOST_ELEMENTS}",
            left_out.as_ref()
        ));
    }
    elements.truncate(MOST_ELEMENTS);
    elements
}
