//! A configuration for NGINX.

use std::fmt::Write as _;

use super::headers;
use super::origins::expressions;
use super::plan::{Cors, Enforcement, Plan, allowed_methods};
use super::problem::GatewayErrors;
use super::regex::{self, Dialect};
use super::{HEADERS, comment};
use crate::adapter::table::{Methods, RouteTable};
use crate::policy::{AllowedHeaders, Policy};

/// A configuration for NGINX, in two files.
///
/// # Examples
///
/// See [`nginx()`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nginx {
    /// For the `http` block: what is known about a request, as variables whose names start with
    /// `$cors_`.
    pub http: String,
    /// For the `server` block, or for each `location` that has an `add_header` or a
    /// `proxy_hide_header` of its own, as these replace the ones of the block around them.
    pub server: String,
}

/// A configuration for NGINX that does with the routes what the program does: it answers their
/// preflights, writes the headers of their policies, removes those of the upstream, and rejects what
/// `enforce` rejects.
///
/// Requests to other routes, and to those that handle CORS themselves, are passed on, and what the
/// upstream says of CORS stays. Let `proxy_pass` name no path, so that the upstream matches the path
/// that is matched here. Needs PCRE. Before 1.23, NGINX reads only the first of repeated header fields,
/// which browsers never send.
///
/// # Errors
///
/// All routes whose policies cannot be expressed.
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
/// let config = gateway::nginx(&table)?;
/// assert!(config.http.contains(r#""~^/users/[^/?]+(?:\?.*)?$" "p0";"#));
/// assert!(config.server.contains("add_header Access-Control-Allow-Origin $cors_sent_origin always;"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn nginx(table: &RouteTable) -> Result<Nginx, GatewayErrors> {
    let plan = Plan::of(table, Enforcement::Possible)?;
    Ok(Nginx { http: http(&plan), server: server(&plan) })
}

/// A path with an escape of what needs none: the upstream may decode it, and match another route.
const NEEDLESS_ESCAPE: &str = "~*^[^?]*%(?:2d|2e|3[0-9]|4[1-9a-f]|5[0-9a]|5f|6[1-9a-f]|7[0-9a]|7e)";

/// One `map` block.
struct Map {
    text: String,
}

impl Map {
    fn new(source: &str, variable: &str) -> Self {
        Self { text: format!("map {source} ${variable} {{\n") }
    }

    fn entry(&mut self, pattern: &str, value: &str) -> &mut Self {
        let _ = writeln!(self.text, "    \"{pattern}\" {value};");
        self
    }

    fn comment(&mut self, text: &str) -> &mut Self {
        self.text.push_str(&comment("    # ", text));
        self
    }

    fn otherwise(mut self, value: &str) -> String {
        let _ = writeln!(self.text, "    default {value};\n}}\n");
        self.text
    }
}

fn http(plan: &Plan) -> String {
    let mut text =
        String::from("# Made from a route table; do not edit. For the `http` block.\n\n");
    if plan.policies.iter().any(|it| it.exposed().is_some_and(|it| it.as_str().contains('$'))) {
        text += "# Values of `geo` have no variables.\ngeo $cors_dollar { default \"$\"; }\n\n";
    }
    let preflight = "\"$request_method $http_access_control_request_method $http_origin\"";
    let mut map = Map::new(preflight, "cors_preflight");
    map.entry("~^OPTIONS [^ ]+ .+$", "1");
    text += &map.otherwise("0");

    let mut map = Map::new("$cors_preflight", "cors_method");
    map.entry("1", "$http_access_control_request_method");
    text += &map.otherwise("$request_method");

    let mut map = Map::new("$request_uri", "cors_path");
    map.comment("the upstream may decode what needs no escape, and match another route");
    map.entry(NEEDLESS_ESCAPE, "escaped");
    for (number, path) in plan.paths.iter().enumerate() {
        map.comment(&path.text);
        map.entry(&format!(r"~^{}(?:\?.*)?$", path.path.regex()), &format!("\"p{number}\""));
        if let Some(escaped) = path.path.escaped_regex() {
            map.entry(&format!(r"~^{escaped}(?:\?.*)?$"), "escaped");
        }
    }
    text += &map.otherwise("\"\"");

    text += &policies(plan);
    text += &verdicts(plan);
    text += &sent(plan);
    text
}

/// Which policy applies, and its verdict on the origin, the method and the headers.
fn policies(plan: &Plan) -> String {
    let mut map = Map::new("\"$cors_path $cors_method\"", "cors_policy");
    for (number, path) in plan.paths.iter().enumerate() {
        for route in &path.routes {
            let value = match route.cors {
                Cors::Gateway(policy) => format!("\"c{policy}\""),
                Cors::Program => {
                    map.comment(&format!("`{}` handles CORS itself", path.text));
                    "\"\"".to_owned()
                }
            };
            map.entry(&format!("~^p{number} {}$", methods(&route.methods)), &value);
        }
        if path.is_known() {
            map.entry(&format!("~^p{number} "), "\"none\"");
        }
    }
    let mut text = map.otherwise("\"\"");

    let mut map = Map::new("\"$cors_policy $http_origin\"", "cors_allow_origin");
    for (number, policy) in plan.policies.iter().enumerate() {
        if policy.is_public() {
            map.entry(&format!("~^c{number} "), "\"*\"");
            continue;
        }
        let origins = expressions(policy, Dialect::Pcre);
        for pattern in &origins.left_out {
            map.comment(&format!("not said, as it is too long: origins that match `{pattern}`"));
        }
        for regex in &origins.regexes {
            map.entry(&format!("~^c{number} (?:{regex})$"), "$http_origin");
        }
    }
    text += &map.otherwise("\"\"");

    let mut map = Map::new("\"$cors_path $cors_method\"", "cors_allow_method");
    for (number, path) in plan.paths.iter().enumerate() {
        for route in &path.routes {
            let Some(policy) = plan.policy(route) else { continue };
            let allowed = allowed_methods(policy, &route.methods);
            if !allowed.is_empty() {
                map.entry(&format!("~^p{number} {}$", any_of(&allowed)), "$cors_method");
            }
            // What a later route allows is of no account to the methods of this one.
            map.entry(&format!("~^p{number} {}$", methods(&route.methods)), "\"\"");
        }
    }
    text += &map.otherwise("\"\"");

    let source = "\"$cors_policy $http_access_control_request_headers\"";
    let mut map = Map::new(source, "cors_headers_allowed");
    for (number, policy) in plan.policies.iter().enumerate() {
        let list = headers::list(&policy.parts().headers);
        map.entry(&format!("~*^c{number} {list}$"), "1");
    }
    text + &map.otherwise("0")
}

/// What is done with the request: `allowed` and `rejected` are preflights, `enforced` is a request
/// that is rejected.
fn verdicts(plan: &Plan) -> String {
    let mut text = String::new();
    let mut map = Map::new("\"$http_origin $http_host\"", "cors_own_host");
    map.comment("host and port of the origin are those that the request was sent to");
    map.entry(r"~*^https://([^ ]+) \1(?::443)?$", "1");
    map.entry(r"~*^http://([^ ]+) \1(?::80)?$", "1");
    text += &map.otherwise("0");

    let source = "\"$http_sec_fetch_site|$http_sec_fetch_mode $request_method|$cors_own_host|\
                  $http_origin\"";
    let mut map = Map::new(source, "cors_foreign");
    map.comment("with an origin: another one than the server's own");
    map.entry(r"~^same-origin\|", "0");
    map.entry(r"~^\|[^|]*\|1\|.", "0");
    map.entry(r"~^[^|]*\|[^|]*\|[01]\|.", "1");
    map.comment("without: sent by a page elsewhere, and no navigation");
    map.entry(r"~^(?:|none)\|", "0");
    map.entry(r"~^[^|]*\|navigate (?:GET|HEAD)\|", "0");
    text += &map.otherwise("1");

    let source = "\"$cors_preflight $cors_policy $cors_foreign \
                  $cors_headers_allowed|$cors_allow_origin|$cors_allow_method\"";
    // The method is last: its name may have a `|`.
    let mut map = Map::new(source, "cors_verdict");
    for (number, policy) in plan.policies.iter().enumerate() {
        if !policy.is_none() {
            let status = policy.parts().preflight_status;
            let pattern = format!(r"~^1 c{number} [01] 1\|[^|]+\|.");
            map.entry(&pattern, &format!("\"allowed {status}\""));
        }
    }
    map.entry("~^1 (?:c[0-9]+|none) ", "\"rejected\"");
    for (number, _) in plan.policies.iter().enumerate().filter(|(_, it)| it.enforces()) {
        map.entry(&format!(r"~^0 c{number} 1 [01]\|\|"), "\"enforced\"");
    }
    text + &map.otherwise("\"\"")
}

/// The values of the headers; one that is empty is not sent.
fn sent(plan: &Plan) -> String {
    // The request is none of ours, or it is, and the CORS headers of the upstream are replaced.
    let source = "\"$cors_policy|$cors_verdict|$cors_allow_origin\"";
    let mut text = String::new();
    let mut of_readers =
        |variable: &str, upstream: &str, value: &dyn Fn(&Policy) -> Option<String>| {
            let mut map = Map::new(source, variable);
            map.entry(r"~^\|", upstream);
            for (number, policy) in plan.policies.iter().enumerate() {
                if let Some(value) = value(policy) {
                    map.entry(&format!(r"~^c{number}\|(?:|allowed [0-9]+)\|."), &value);
                }
            }
            text.push_str(&map.otherwise("\"\""));
        };
    of_readers("cors_sent_origin", "$upstream_http_access_control_allow_origin", &|policy| {
        (!policy.is_none()).then(|| "$cors_allow_origin".to_owned())
    });
    of_readers(
        "cors_sent_credentials",
        "$upstream_http_access_control_allow_credentials",
        &|policy| policy.allows_credentials().then(|| "true".to_owned()),
    );

    let source = "\"$cors_policy|$cors_preflight|$cors_allow_origin\"";
    let mut map = Map::new(source, "cors_sent_expose");
    map.entry(r"~^\|", "$upstream_http_access_control_expose_headers");
    for (number, policy) in plan.policies.iter().enumerate() {
        if let Some(expose) = policy.exposed() {
            map.entry(&format!(r"~^c{number}\|0\|."), &value(expose.as_str()));
        }
    }
    text += &map.otherwise("\"\"");

    let source = "\"$cors_policy|$cors_verdict\"";
    let mut of_preflights =
        |variable: &str, upstream: &str, value: &dyn Fn(&Policy) -> Option<String>| {
            let mut map = Map::new(source, variable);
            map.entry(r"~^\|", upstream);
            for (number, policy) in plan.policies.iter().enumerate() {
                if let Some(value) = value(policy) {
                    map.entry(&format!(r"~^c{number}\|allowed "), &value);
                }
            }
            text.push_str(&map.otherwise("\"\""));
        };
    of_preflights("cors_sent_methods", "$upstream_http_access_control_allow_methods", &|_| {
        Some("$cors_method".to_owned())
    });
    of_preflights("cors_sent_headers", "$upstream_http_access_control_allow_headers", &|policy| {
        Some(match (&policy.parts().headers, policy.allows_credentials()) {
            (AllowedHeaders::Any, false) => "\"*\"".to_owned(),
            (AllowedHeaders::AnyAndAuthorization, false) => "\"*,authorization\"".to_owned(),
            _ => "$http_access_control_request_headers".to_owned(),
        })
    });
    of_preflights("cors_sent_max_age", "$upstream_http_access_control_max_age", &|policy| {
        policy.parts().max_age.as_ref().map(|it| format!("\"{}\"", it.as_str()))
    });
    let source = "\"$cors_policy|$cors_verdict|$http_access_control_request_private_network\"";
    let mut map = Map::new(source, "cors_sent_private_network");
    map.entry(r"~^\|", "$upstream_http_access_control_allow_private_network");
    for (number, policy) in plan.policies.iter().enumerate() {
        if policy.parts().switches.private_network {
            map.entry(&format!(r"~^c{number}\|allowed [0-9]+\|true$"), "true");
        }
    }
    text += &map.otherwise("\"\"");
    text + &vary(plan)
}

/// What the response depends on, for caches. NGINX passes on the `Vary` of the upstream.
fn vary(plan: &Plan) -> String {
    let source = "\"$cors_policy|$cors_preflight|$upstream_http_vary\"";
    let mut map = Map::new(source, "cors_vary");
    let preflight = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
    for (number, policy) in plan.policies.iter().enumerate() {
        let private = if policy.parts().switches.private_network {
            ", Access-Control-Request-Private-Network"
        } else {
            ""
        };
        map.entry(&format!(r"~^c{number}\|1\|"), &format!("\"{preflight}{private}\""));
        if !policy.is_none() && !policy.is_public() {
            map.comment("unless the upstream says so");
            map.entry(
                &format!(r"~*^c{number}\|0\|(?:.*,)?[ \t]*(?:origin|\*)[ \t]*(?:,|$)"),
                "\"\"",
            );
            map.entry(&format!(r"~^c{number}\|0\|"), "Origin");
        }
    }
    map.entry(r"~^none\|1\|", &format!("\"{preflight}\""));
    map.otherwise("\"\"")
}

fn server(plan: &Plan) -> String {
    let mut text = String::from(
        "# Made from a route table; do not edit. For the `server` block, and for each `location` that \
         has\n# an `add_header` or a `proxy_hide_header` of its own, as these replace the ones of the \
         block.\n",
    );
    if plan.policies.iter().any(|it| it.enforces()) {
        text += "# An upstream that decodes what is escaped here may match a route whose policy \
                 enforces.\nif ($cors_path = \"escaped\") { return 400 \"\"; }\n";
    }
    text += "if ($cors_verdict = \"rejected\") { return 403 \"\"; }\n";
    text += "if ($cors_verdict = \"enforced\") { return 403 \"\"; }\n";
    let mut statuses: Vec<u16> =
        plan.policies.iter().map(|it| it.parts().preflight_status).collect();
    statuses.sort_unstable();
    statuses.dedup();
    for status in statuses {
        let body = if status == 204 { "" } else { " \"\"" };
        let _ = writeln!(
            text,
            "if ($cors_verdict = \"allowed {status}\") {{ return {status}{body}; }}"
        );
    }
    for name in HEADERS {
        let _ = writeln!(text, "proxy_hide_header {name};");
    }
    for (name, variable) in HEADERS.into_iter().zip([
        "origin",
        "credentials",
        "expose",
        "methods",
        "headers",
        "max_age",
        "private_network",
    ]) {
        let _ = writeln!(text, "add_header {name} $cors_sent_{variable} always;");
    }
    text + "add_header Vary $cors_vary always;\n"
}

/// A list of names as the value of a variable, in which `$` starts the name of another one.
fn value(names: &str) -> String {
    format!("\"{}\"", names.replace('$', "${cors_dollar}"))
}

/// Methods as a regular expression.
fn methods(methods: &Methods) -> String {
    methods.served().map_or_else(|| ".+".to_owned(), any_of)
}

fn any_of<T: AsRef<str>>(names: &[T]) -> String {
    let names: Vec<String> = names.iter().map(|name| regex::text(name.as_ref())).collect();
    format!("(?:{})", names.join("|"))
}
