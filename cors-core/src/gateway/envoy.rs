//! A configuration for Envoy.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::plan::{Enforcement, PathPlan, Plan, RoutePlan, allowed_methods};
use super::problem::GatewayErrors;
use super::regex::{self, Dialect};
use super::yaml::{list, quoted};
use super::{HEADERS, comment};
use crate::adapter::table::{Methods, RouteTable};
use crate::policy::{AllowedHeaders, Policy};

/// The routes of a virtual host of Envoy, as YAML, with the policy of each as
/// `typed_per_filter_config` of the `cors` filter ([`CorsPolicy`][1]). They forward to a cluster.
///
/// Preflights have routes of their own, by the requested method: one that the filter does not
/// answer gets 403. Other requests to the same paths are forwarded without a policy, and requests to
/// other paths are for the routes behind these. The filter has to be among the `http_filters`, before
/// the router. Expressions of wildcards and patterns are larger than what Envoy compiles unless the
/// runtime key `re2.max_program_size.error_level` is raised from [its default of 100][2].
///
/// [1]: https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/filters/http/cors/v3/cors.proto
/// [2]: https://www.envoyproxy.io/docs/envoy/latest/api-v3/type/matcher/v3/regex.proto
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
/// use cors_core::{Policy, RouteTable, gateway};
///
/// let policy = Policy::builder().origins(["https://*.example.com"]).credentials().build()?;
/// let table: RouteTable = [Route::new(
///     "/users/{id}",
///     Methods::of(&["PUT"]),
///     EndpointId::unique(),
///     Endpoint::new("app::update_user", "src/app.rs:12", policy),
/// )]
/// .into_iter()
/// .collect();
/// let config = gateway::envoy(&table, "app")?;
/// assert!(config.contains(r#"- safe_regex: {regex: "https://(?:[a-z0-9_-]{1,63}\\.)+example\\.com"}"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn envoy(table: &RouteTable, cluster: &str) -> Result<String, GatewayErrors> {
    let plan = Plan::of(table, Enforcement::Impossible)?;
    let mut text = String::from("# Made from a route table; do not edit.\nroutes:\n");
    for path in &plan.paths {
        text += &comment("# ", &path.text);
        if path.path.literal().is_none() {
            text += &path_match(path);
            let _ = writeln!(
                text,
                "    headers:\n    - name: \":path\"\n      string_match: {{safe_regex: {{regex: \
                 {}}}}}",
                quoted(NEEDLESS_ESCAPE)
            );
            text += &forward(cluster);
            text += &remove();
        }
        for route in &path.routes {
            if let Some(policy) = plan.policy(route) {
                text += &with_policy(path, route, policy, cluster);
                continue;
            }
            text += "# Handles CORS itself.\n";
            for matched in
                [preflight_match(path, &route.methods), actual_match(path, &route.methods)]
            {
                text += &matched;
                text += &forward(cluster);
            }
        }
        if path.is_known() {
            text += &preflight_match(path, &Methods::All);
            text += FORBID;
            text += &actual_match(path, &Methods::All);
            text += &forward(cluster);
            text += &remove();
        }
        if let Some(escaped) = path.path.escaped_regex() {
            text += &regex_match(&escaped);
            text += &forward(cluster);
            text += &remove();
        }
    }
    Ok(text)
}

/// A path with an escape of what needs none: an upstream that decodes it may answer with another route,
/// so such a path has no policy.
const NEEDLESS_ESCAPE: &str =
    "[^?]*%(?:2[dDeE]|3[0-9]|4[1-9a-fA-F]|5[0-9aAfF]|6[1-9a-fA-F]|7[0-9aAeE]).*";

const FORBID: &str = "  direct_response: {status: 403}\n";

fn forward(cluster: &str) -> String {
    format!("  route: {{cluster: {}}}\n", quoted(cluster))
}

/// Removes the CORS headers of the upstream; the filter writes later.
fn remove() -> String {
    format!("  response_headers_to_remove: {}\n", list(&HEADERS))
}

fn with_policy(path: &PathPlan, route: &RoutePlan, policy: &Policy, cluster: &str) -> String {
    let (mut text, mut config, mut allowed) = (String::new(), String::new(), Vec::new());
    if !policy.is_none() {
        for note in notes(policy) {
            text += &comment("# ", &note);
        }
        allowed = allowed_methods(policy, &route.methods);
        config = filter(policy, &allowed);
    }
    let allows_all = route.methods.served().is_some_and(|it| it.len() == allowed.len());
    if !allowed.is_empty() {
        let allowed = Methods::These(allowed.into_iter().map(Cow::Owned).collect());
        text += &preflight_match(path, &allowed);
        text += FORBID;
        text += &config;
    }
    if !allows_all {
        // Browsers do not look for `GET`, `HEAD` and `POST` in the list of the filter.
        text += &preflight_match(path, &route.methods);
        text += FORBID;
    }
    text += &actual_match(path, &route.methods);
    text += &forward(cluster);
    text += &remove();
    if !policy.is_none() {
        // The filter writes the origin itself, also where any is allowed.
        text += "  response_headers_to_add:\n  - header: {key: \"Vary\", value: \"Origin\"}\n    \
                 append_action: APPEND_IF_EXISTS_OR_ADD\n";
    }
    text + &config
}

fn path_match(path: &PathPlan) -> String {
    match path.path.literal() {
        Some(literal) => format!("- match:\n    path: {}\n", quoted(&literal)),
        None => regex_match(&path.path.regex()),
    }
}

fn regex_match(regex: &str) -> String {
    format!("- match:\n    safe_regex: {{regex: {}}}\n", quoted(regex))
}

fn names(methods: &Methods) -> String {
    let names: Vec<String> =
        methods.served().into_iter().flatten().map(|name| regex::text(name)).collect();
    names.join("|")
}

fn actual_match(path: &PathPlan, methods: &Methods) -> String {
    let mut text = path_match(path);
    if matches!(methods, Methods::These(_)) {
        let _ = writeln!(
            text,
            "    headers:\n    - name: \":method\"\n      string_match: {{safe_regex: {{regex: {}}}}}",
            quoted(&names(methods))
        );
    }
    text
}

fn preflight_match(path: &PathPlan, methods: &Methods) -> String {
    let mut text = path_match(path);
    text += "    headers:\n    - {name: \":method\", string_match: {exact: \"OPTIONS\"}}\n    \
             - {name: \"origin\", present_match: true}\n";
    let _ = match methods {
        Methods::All => {
            writeln!(text, "    - {{name: \"access-control-request-method\", present_match: true}}")
        }
        Methods::These(_) => writeln!(
            text,
            "    - name: \"access-control-request-method\"\n      string_match: {{safe_regex: \
             {{regex: {}}}}}",
            quoted(&names(methods))
        ),
    };
    text
}

/// What the filter cannot express.
fn notes(policy: &Policy) -> Vec<String> {
    let mut notes = Vec::new();
    let set = policy.parts().origins.set();
    for pattern in set.into_iter().flat_map(|it| it.patterns.as_slice()) {
        if regex::pattern(&pattern.table).is_none() {
            notes.push(format!(
                "not said, as it is too long: origins that match `{}`",
                pattern.source
            ));
        }
    }
    if !set.is_none_or(|it| it.wildcards.list.is_empty()) {
        notes.push("hosts may be longer than the DNS has any".to_owned());
    }
    // To browsers, 204 is no other status.
    if !matches!(policy.parts().preflight_status, 200 | 204) {
        notes.push(format!(
            "the filter answers preflights with 200, not {}",
            policy.parts().preflight_status
        ));
    }
    if any_with_credentials(policy) {
        notes.push(
            "not said: any request header, which browsers do not read out of `*` with credentials"
                .to_owned(),
        );
    }
    notes
}

fn any_with_credentials(policy: &Policy) -> bool {
    policy.allows_credentials() && !matches!(policy.parts().headers, AllowedHeaders::These(_))
}

/// The policy, for the filter.
fn filter(policy: &Policy, methods: &[String]) -> String {
    let mut text = String::from(
        "  typed_per_filter_config:\n    envoy.filters.http.cors:\n      \"@type\": \
         \"type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy\"\n",
    );
    let origins = origins(policy);
    if origins.is_empty() {
        text += "      allow_origin_string_match: []\n";
    } else {
        text += "      allow_origin_string_match:\n";
        for origin in origins {
            let _ = writeln!(text, "      - {origin}");
        }
    }
    let mut field = |name: &str, value: &str| {
        let _ = writeln!(text, "      {name}: {value}");
    };
    field("allow_methods", &quoted(&methods.join(",")));
    let headers = match &policy.parts().headers {
        _ if any_with_credentials(policy) => None,
        AllowedHeaders::These(names) if names.is_empty() => None,
        AllowedHeaders::These(names) => Some(names.iter().collect::<Vec<_>>().join(",")),
        AllowedHeaders::Any => Some("*".to_owned()),
        AllowedHeaders::AnyAndAuthorization => Some("*,authorization".to_owned()),
    };
    if let Some(headers) = headers {
        field("allow_headers", &quoted(&headers));
    }
    if let Some(expose) = policy.exposed() {
        field("expose_headers", &quoted(expose.as_str()));
    }
    if let Some(max_age) = &policy.parts().max_age {
        field("max_age", &quoted(max_age.as_str()));
    }
    if policy.allows_credentials() {
        field("allow_credentials", "true");
    }
    if policy.parts().switches.private_network {
        field("allow_private_network_access", "true");
    }
    text
}

fn origins(policy: &Policy) -> Vec<String> {
    let safe_regex = |regex: String| format!("safe_regex: {{regex: {}}}", quoted(&regex));
    if policy.is_public() {
        return vec![safe_regex(".*".to_owned())];
    }
    let Some(set) = policy.parts().origins.set() else { return Vec::new() };
    let exact = set.exact.origins.iter();
    let exact = exact.map(|it| format!("exact: {}", quoted(it)));
    let wildcards =
        set.wildcards.list.iter().map(|it| safe_regex(regex::wildcard(it, Dialect::Re2)));
    let patterns = set.patterns.as_slice().iter().filter_map(|it| regex::pattern(&it.table));
    exact.chain(wildcards).chain(patterns.map(safe_regex)).collect()
}
