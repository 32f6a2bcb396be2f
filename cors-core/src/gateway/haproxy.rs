//! A configuration for HAProxy.

use std::fmt::Write as _;

use super::origins::expressions;
use super::plan::{Cors, Enforcement, Plan, allowed_methods};
use super::problem::GatewayErrors;
use super::regex::{self, Dialect};
use super::{HEADERS, comment, headers};
use crate::adapter::table::{Methods, RouteTable};
use crate::policy::{AllowedHeaders, Policy};

/// A configuration for HAProxy that does with the routes what the program does: it answers their
/// preflights, writes the headers of their policies, removes those of the upstream, and rejects what
/// `enforce` rejects.
///
/// It is a list of rules for the `frontend`, the `listen` or the `backend` section that serves the
/// routes, before its other rules. Requests to other routes, and to those that handle CORS themselves,
/// are passed on, and the CORS headers of the upstream stay. Needs HAProxy 2.4, with PCRE.
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
/// assert!(gateway::haproxy(&table)?.contains("path -m reg '^/users/[^/?]+$'"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn haproxy(table: &RouteTable) -> Result<String, GatewayErrors> {
    let plan = Plan::of(table, Enforcement::Possible)?;
    let mut text = String::from("# Made from a route table; do not edit.\n");
    request(&mut text);
    routes(&mut text, &plan);
    for (number, policy) in plan.policies.iter().enumerate() {
        decide(&mut text, number, policy);
    }
    responses(&mut text, &plan);
    Ok(text)
}

/// A path with an escape of what needs none: the upstream may decode it, and match another route.
const NEEDLESS_ESCAPE: &str = "%(2d|2e|3[0-9]|4[1-9a-f]|5[0-9a]|5f|6[1-9a-f]|7[0-9a]|7e)";

/// What is known about a request.
fn request(text: &mut String) {
    text.push_str(
        "acl cors_has_origin req.fhdr(origin) -m found
acl cors_one_origin req.fhdr_cnt(origin) eq 1
acl cors_preflight_method method OPTIONS
acl cors_asks req.fhdr(access-control-request-method) -m found
acl cors_asks_once req.fhdr_cnt(access-control-request-method) eq 1
http-request set-var(txn.cors_preflight) bool(true) if cors_preflight_method cors_has_origin cors_asks
acl cors_preflight var(txn.cors_preflight) -m bool
http-request set-var(txn.cors_method) capture.req.method unless cors_preflight
http-request set-var(txn.cors_method) req.fhdr(access-control-request-method,1) if cors_preflight
",
    );
}

/// Which policy applies.
fn routes(text: &mut String, plan: &Plan) {
    let mut line = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    for (number, path) in plan.paths.iter().enumerate() {
        line(comment("# ", &path.text).trim_end());
        let mut matched = |name: &str, regex: &str| {
            line(&format!(
                "http-request set-var(txn.cors_path) str({name}) if {{ path -m reg '^{regex}$' }} \
                 !{{ path -m reg -i '{NEEDLESS_ESCAPE}' }} !{{ var(txn.cors_path) -m found }}"
            ));
        };
        matched(&format!("p{number}"), &path.path.regex());
        if let Some(escaped) = path.path.escaped_regex() {
            matched("escaped", &escaped);
        }
        let here = format!("{{ var(txn.cors_path) -m str p{number} }}");
        // The first route that serves a method answers it.
        let first = "!{ var(txn.cors_policy) -m found }";
        for route in &path.routes {
            let served = match &route.methods {
                Methods::All => String::new(),
                Methods::These(names) => {
                    let names: Vec<String> = names.iter().map(|name| regex::text(name)).collect();
                    format!(" {{ var(txn.cors_method) -m reg '^({})$' }}", names.join("|"))
                }
            };
            let name = match route.cors {
                Cors::Gateway(number) => format!("c{number}"),
                Cors::Program => "program".to_owned(),
            };
            let allowed = plan.policy(route).map(|it| allowed_methods(it, &route.methods));
            if let Some(allowed) = allowed.filter(|it| !it.is_empty()) {
                let names: Vec<String> = allowed.iter().map(|it| regex::text(it)).collect();
                line(&format!(
                    "http-request set-var(txn.cors_allows) bool(true) if {here} \
                     {{ var(txn.cors_method) -m reg '^({})$' }} {first}",
                    names.join("|")
                ));
            }
            line(&format!(
                "http-request set-var(txn.cors_policy) str({name}) if {here}{served} {first}"
            ));
        }
        if path.is_known() {
            line(&format!("http-request set-var(txn.cors_policy) str(none) if {here} {first}"));
        }
    }
    if plan.policies.iter().any(|it| it.enforces()) {
        line(
            "# An upstream that decodes what is escaped here may match a route whose policy enforces.",
        );
        line(&format!(
            "http-request return status 400 if {{ path -m reg -i '{NEEDLESS_ESCAPE}' }} or \
             {{ var(txn.cors_path) -m str escaped }}"
        ));
        enforcement(text);
    }
}

/// Whether a request comes from another origin than the server's own, or without an origin from a
/// page elsewhere.
fn enforcement(text: &mut String) {
    text.push_str(
        "acl cors_site req.fhdr(sec-fetch-site) -m found
acl cors_one_site req.fhdr_cnt(sec-fetch-site) eq 1
acl cors_same_origin req.fhdr(sec-fetch-site) -m str same-origin
acl cors_by_user req.fhdr(sec-fetch-site) -m str none
acl cors_navigates req.fhdr(sec-fetch-mode) -m str navigate
acl cors_reads method GET HEAD
acl cors_named_host req.fhdr(host) -m reg ^[^:]
http-request set-var(txn.cors_host) req.fhdr(host),lower
http-request set-var(txn.cors_own) var(txn.cors_host),regsub(':443$',''),regsub('^','https://')
http-request set-var(txn.cors_own_insecure) var(txn.cors_host),regsub(':80$',''),regsub('^','http://')
acl cors_own_host req.fhdr(origin),lower,strcmp(txn.cors_own) eq 0
acl cors_own_host req.fhdr(origin),lower,strcmp(txn.cors_own_insecure) eq 0
http-request set-var(txn.cors_foreign) bool(true) if cors_has_origin cors_site
http-request set-var(txn.cors_foreign) bool(true) if cors_has_origin !cors_site !cors_own_host
http-request set-var(txn.cors_foreign) bool(true) if cors_has_origin !cors_site !cors_named_host
http-request set-var(txn.cors_foreign) bool(true) if cors_has_origin !cors_one_origin !cors_site
http-request unset-var(txn.cors_foreign) if cors_has_origin cors_one_site cors_same_origin
http-request set-var(txn.cors_foreign) bool(true) if !cors_has_origin cors_site !cors_navigates
http-request set-var(txn.cors_foreign) bool(true) if !cors_has_origin cors_site !cors_reads
http-request unset-var(txn.cors_foreign) if !cors_has_origin cors_one_site cors_same_origin
http-request unset-var(txn.cors_foreign) if !cors_has_origin cors_one_site cors_by_user
",
    );
}

const PREFLIGHT_VARY: &str =
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

/// What a policy makes of a request.
fn decide(text: &mut String, number: usize, policy: &Policy) {
    let mut line = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    let here = format!("{{ var(txn.cors_policy) -m str c{number} }}");
    if policy.is_public() {
        line(&format!("http-request set-var(txn.cors_allow) str(*) if {here}"));
    } else {
        let origins = expressions(policy, Dialect::Pcre);
        for pattern in &origins.left_out {
            let words = format!("not said, as it is too long: origins that match `{pattern}`");
            line(comment("# ", &words).trim_end());
        }
        for regex in &origins.regexes {
            line(&format!(
                "http-request set-var(txn.cors_allow) req.fhdr(origin) if {here} cors_one_origin \
                 {{ req.fhdr(origin) -m reg '^({regex})$' }}"
            ));
        }
    }
    let vary = if policy.parts().switches.private_network {
        format!("{PREFLIGHT_VARY}, Access-Control-Request-Private-Network")
    } else {
        PREFLIGHT_VARY.to_owned()
    };
    if !policy.is_none() {
        preflight(&mut line, &here, policy, &vary);
    }
    line(&format!("http-request return status 403 hdr Vary \"{vary}\" if {here} cors_preflight"));
    if policy.enforces() {
        line(&format!(
            "http-request return status 403 hdr Vary Origin if {here} \
             !{{ var(txn.cors_allow) -m found }} {{ var(txn.cors_foreign) -m bool }}"
        ));
    }
}

fn preflight(line: &mut impl FnMut(&str), here: &str, policy: &Policy, vary: &str) {
    let asked = "%[req.fhdr(access-control-request-headers)]";
    let granted = match (&policy.parts().headers, policy.allows_credentials()) {
        (AllowedHeaders::Any, false) => Some("*"),
        (AllowedHeaders::AnyAndAuthorization, false) => Some("*,authorization"),
        _ => None,
    };
    line(&format!(
        "http-request set-var(txn.cors_granted) bool(true) if {here} cors_preflight \
         cors_one_origin cors_asks_once {{ var(txn.cors_allow) -m found }} {{ var(txn.cors_allows) -m \
         bool }}"
    ));
    let list = headers::list(&policy.parts().headers);
    let name = "req.fhdr(access-control-request-headers)";
    // Requests without a list, with one, and on a private network: a header is there or is not.
    for (names, names_value) in [
        (format!("!{{ {name} -m found }}"), granted),
        (
            format!(
                "{{ req.fhdr_cnt(access-control-request-headers) eq 1 }} {{ {name} -m reg -i '^{list}$' }}"
            ),
            Some(granted.unwrap_or(asked)),
        ),
    ] {
        let privately: &[bool] =
            if policy.parts().switches.private_network { &[true, false] } else { &[false] };
        for is_private in privately {
            let mut rule = format!(
                "http-request return status {} hdr Access-Control-Allow-Origin \
                 \"%[var(txn.cors_allow)]\" hdr Access-Control-Allow-Methods \
                 \"%[var(txn.cors_method)]\"",
                policy.parts().preflight_status
            );
            if policy.allows_credentials() {
                rule += " hdr Access-Control-Allow-Credentials true";
            }
            if let Some(value) = names_value {
                let _ = write!(rule, " hdr Access-Control-Allow-Headers \"{value}\"");
            }
            if let Some(max_age) = &policy.parts().max_age {
                let _ = write!(rule, " hdr Access-Control-Max-Age {}", max_age.as_str());
            }
            if *is_private {
                rule += " hdr Access-Control-Allow-Private-Network true";
            }
            let _ = write!(
                rule,
                " hdr Vary \"{vary}\" if {here} {{ var(txn.cors_granted) -m bool }} {names}"
            );
            if *is_private {
                rule += " { req.fhdr(access-control-request-private-network) -m str true }";
            }
            line(&rule);
        }
    }
}

/// What is written on every response, also of HAProxy's own.
fn responses(text: &mut String, plan: &Plan) {
    let mut line = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    line(&format!(
        "http-request return status 403 hdr Vary \"{PREFLIGHT_VARY}\" if \
         {{ var(txn.cors_policy) -m str none }} cors_preflight"
    ));
    let ours = "{ var(txn.cors_policy) -m found } !{ var(txn.cors_policy) -m str program } \
                !{ var(txn.cors_preflight) -m bool }";
    for name in HEADERS {
        line(&format!("http-after-response del-header {name} if {ours}"));
    }
    for (number, policy) in plan.policies.iter().enumerate() {
        if policy.is_none() {
            continue;
        }
        let here = format!(
            "{{ var(txn.cors_policy) -m str c{number} }} !{{ var(txn.cors_preflight) -m bool }}"
        );
        let read = format!("{here} {{ var(txn.cors_allow) -m found }}");
        line(&format!(
            "http-after-response set-header Access-Control-Allow-Origin \
             \"%[var(txn.cors_allow)]\" if {read}"
        ));
        if policy.allows_credentials() {
            line(&format!(
                "http-after-response set-header Access-Control-Allow-Credentials true if {read}"
            ));
        }
        if let Some(expose) = policy.exposed() {
            line(&format!(
                "http-after-response set-header Access-Control-Expose-Headers \"{}\" if {read}",
                expose_text(expose.as_str())
            ));
        }
        if !policy.is_public() {
            line(&format!(
                "http-after-response add-header Vary Origin if {here} \
                 !{{ res.fhdr(vary) -m reg -i '(^|,)[ \\t]*(origin|\\*)[ \\t]*(,|$)' }}"
            ));
        }
    }
}

/// Names of headers, in a format string: `%` starts a variable there, `$` one of the environment.
fn expose_text(names: &str) -> String {
    names
        .bytes()
        .map(|byte| match byte {
            b'%' => "%%".to_owned(),
            b'$' | b'"' | b'\\' => format!("\\{}", char::from(byte)),
            other => char::from(other).to_string(),
        })
        .collect()
}
