//! What the difference of two random tables claims, against what browsers can do with both: by the
//! protocol, for sampled origins, methods and headers.

use cors_core::adapter::{PathRoutes, Route, Step};
use cors_core::{Danger, Effect, PolicySpec, RouteTable, TableDiff};
use http::{Request, Response};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::{committed, route};

const LITERALS: [&str; 13] = [
    "https://a.example.com",
    "https://b.example.com",
    "https://x.a.example.com",
    "https://example.com",
    "https://example.com:8443",
    "https://a.example.com:8443",
    "https://*.example.com",
    "https://*.a.example.com",
    "https://*.example.com:8443",
    "https://*.example.com:*",
    "https://example.com:*",
    "http://localhost:*",
    "null",
];

const PATTERNS: [&str; 8] = [
    r"^https://[ab]\.example\.com$",
    r"^https://([a-z0-9_-]+\.)+example\.com$",
    r"^https://([a-z0-9-]+\.)*example\.com$",
    r"^https://([a-z0-9_-]+\.)*example\.com(:[0-9]+)?$",
    r"^https://example\.com(:[0-9]{1,4})?$",
    r"^https://pr-[0-9]{1,5}\.example\.com$",
    r"^https://[a-z]{1,3}(\.a)?\.example\.com(:8443)?$",
    r"^http://localhost(:[0-9]+)?$",
];

/// Origins of all of the above, and some that are near.
const ORIGINS: [&str; 26] = [
    "https://a.example.com",
    "https://b.example.com",
    "https://c.example.com",
    "https://abc.example.com",
    "https://abcd.example.com",
    "https://x.a.example.com",
    "https://x.y.a.example.com",
    "https://a_b.example.com",
    "https://-.example.com",
    "https://pr-7.example.com",
    "https://pr-123456.example.com",
    "https://example.com",
    "https://example.com:8443",
    "https://example.com:10000",
    "https://example.com:65535",
    "https://example.com:443",
    "https://a.example.com:8443",
    "https://a.example.com:1",
    "https://x.a.example.com:8443",
    "http://a.example.com",
    "https://evil-example.com",
    "https://a.example.com.evil.net",
    "http://localhost",
    "http://localhost:3000",
    "https://attacker.example",
    "null",
];

/// More of both kinds: hosts of a few labels, some of them near one that is declared.
fn origin() -> impl Strategy<Value = String> {
    let labels = prop::collection::vec(select(vec!["a", "b", "x", "abc", "pr-12", "a_b"]), 0..3);
    let hosts =
        ["example.com", "localhost", "example.com.evil.net", "evil-example.com", "example.org"];
    let ports = ["", ":8443", ":80", ":443", ":9999", ":65535", ":65536", ":0"];
    (select(vec!["https", "http"]), labels, select(hosts.to_vec()), select(ports.to_vec()))
        .prop_map(|(scheme, labels, host, port)| {
            let host = [labels, vec![host]].concat().join(".");
            format!("{scheme}://{host}{port}")
        })
}

const METHODS: [&str; 3] = ["GET", "POST", "PUT"];
const SENT: [&str; 4] = ["content-type", "x-api-key", "authorization", "x-other"];
const READ: [&str; 3] = ["etag", "x-total", "x-other"];

fn policy() -> impl Strategy<Value = PolicySpec> {
    let origins = (
        subsequence(LITERALS.to_vec(), 0..4),
        subsequence(PATTERNS.to_vec(), 0..3),
        prop::bool::weighted(0.15),
        prop::bool::weighted(0.1),
    );
    let names = |all: &[&'static str]| prop_oneof![4 => subsequence(all.to_vec(), 0..3), 1 => Just(vec!["*"])];
    let methods = prop::option::of(subsequence(METHODS.to_vec(), 1..=3));
    let switches = (any::<bool>(), any::<bool>(), any::<bool>());
    (origins, names(&SENT), names(&READ), methods, switches)
        .prop_map(|((literals, patterns, any, none), sent, read, methods, switches)| {
            let texts = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect();
            let is_null = literals.contains(&"null");
            let mut spec = PolicySpec {
                origins: texts(if any { vec!["*"] } else { literals }),
                origin_patterns: texts(if any { Vec::new() } else { patterns }),
                headers: texts(sent),
                expose_headers: texts(read),
                methods: methods.map(texts),
                credentials: switches.0 && !any && !is_null,
                private_network: switches.1 && !any,
                enforce: switches.2 && !any,
                none,
                ..PolicySpec::default()
            };
            if spec.credentials {
                spec.expose_headers.retain(|name| name != "*");
            }
            if is_null && !any {
                spec.dangerously_allow.push(Danger::NullOrigin);
            }
            spec
        })
        .prop_filter("a policy that passes the rules", |spec| spec.build().is_ok())
}

fn table(spec: &PolicySpec, methods: &[&'static str]) -> RouteTable {
    [route(methods, "/users", spec.build().unwrap())].into_iter().collect()
}

/// What a page does.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Call<'a> {
    origin: &'a str,
    method: &'a str,
    cookies: bool,
    /// A request header that takes a preflight.
    sends: Option<&'a str>,
    reads: Option<&'a str>,
    is_on_private_network: bool,
}

/// Whether a browser lets the page do it, by the [CORS protocol][1].
///
/// [1]: https://fetch.spec.whatwg.org/#http-cors-protocol
fn can(routes: &[Route], call: Call<'_>) -> bool {
    let Some(route) = routes.iter().find(|it| it.served.contains(call.method.as_bytes())) else {
        return false;
    };
    let takes_preflight =
        call.method == "PUT" || call.sends.is_some() || call.is_on_private_network;
    (!takes_preflight || preflight(routes, call)) && actual(route, call)
}

fn preflight(routes: &[Route], call: Call<'_>) -> bool {
    let mut request = Request::options("/users")
        .header("origin", call.origin)
        .header("access-control-request-method", call.method);
    if let Some(name) = call.sends {
        request = request.header("access-control-request-headers", name);
    }
    if call.is_on_private_network {
        request = request.header("access-control-request-private-network", "true");
    }
    let routes = PathRoutes::new(routes.to_vec());
    let mut response = Response::new(());
    let reply = routes.on_preflight(&request.body(()).unwrap(), false).unwrap();
    let _body = reply.write(&mut response);
    let names = |list: &str, asked: &str| {
        let value = value(&response, list);
        let mut names = value.split(',').map(str::trim);
        names.any(|it| {
            it.eq_ignore_ascii_case(asked) || it == "*" && !call.cookies && asked != "authorization"
        })
    };
    response.status().is_success()
        && is_shared(&response, call)
        && (call.method != "PUT" || names("access-control-allow-methods", "PUT"))
        && call.sends.is_none_or(|name| names("access-control-allow-headers", name))
        && (!call.is_on_private_network
            || value(&response, "access-control-allow-private-network") == "true")
}

fn actual(route: &Route, call: Call<'_>) -> bool {
    let request =
        Request::builder().method(call.method).uri("/users").header("origin", call.origin);
    let step = route.endpoint.on_request(route.id, &request.body(()).unwrap(), false);
    let Step::Forward(mut pending) = step else { return false };
    let mut response = Response::new(());
    pending.on_response(&mut response);
    let exposed = value(&response, "access-control-expose-headers");
    is_shared(&response, call)
        && call.reads.is_none_or(|name| {
            let mut names = exposed.split(',').map(str::trim);
            names.any(|it| it.eq_ignore_ascii_case(name) || it == "*" && !call.cookies)
        })
}

/// The CORS check.
fn is_shared(response: &Response<()>, call: Call<'_>) -> bool {
    let origin = value(response, "access-control-allow-origin");
    (origin == call.origin || origin == "*" && !call.cookies)
        && (!call.cookies || value(response, "access-control-allow-credentials") == "true")
}

fn value<'r>(response: &'r Response<()>, name: &str) -> &'r str {
    response.headers().get(name).map_or("", |it| it.to_str().unwrap())
}

/// All calls from an origin.
fn calls(origin: &str) -> Vec<Call<'_>> {
    let sends = || std::iter::once(None).chain(SENT.into_iter().map(Some));
    let reads = || std::iter::once(None).chain(READ.into_iter().map(Some));
    let mut calls = Vec::new();
    for method in METHODS {
        for cookies in [false, true] {
            for sends in sends() {
                for reads in reads() {
                    for is_on_private_network in [false, true] {
                        calls.push(Call {
                            origin,
                            method,
                            cookies,
                            sends,
                            reads,
                            is_on_private_network,
                        });
                    }
                }
            }
        }
    }
    calls
}

fn routes(table: &RouteTable) -> Vec<Route> {
    table.iter().cloned().collect()
}

/// Whether the handler runs for a request of a page that may not read the response.
fn runs_for_strangers(routes: &[Route]) -> bool {
    let request = Request::post("/users").header("origin", "https://stranger.example");
    let request = request.header("sec-fetch-site", "cross-site").body(()).unwrap();
    routes.iter().all(|route| {
        matches!(route.endpoint.on_request(route.id, &request, false), Step::Forward(_))
    })
}

/// Each element alone before, and each alone after: nothing else can hide what is missed or claimed.
#[test]
fn each_element_is_compared_with_each_other() {
    let spec = |literals: &[&str], patterns: &[&str]| PolicySpec {
        origins: literals.iter().map(|&it| it.to_owned()).collect(),
        origin_patterns: patterns.iter().map(|&it| it.to_owned()).collect(),
        dangerously_allow: if literals == ["null"] { vec![Danger::NullOrigin] } else { vec![] },
        ..PolicySpec::default()
    };
    let specs: Vec<PolicySpec> = LITERALS
        .iter()
        .map(|literal| spec(&[literal], &[]))
        .chain(PATTERNS.iter().map(|pattern| spec(&[], &[pattern])))
        .chain([spec(&["*"], &[])])
        .collect();
    let built: Vec<_> = specs.iter().map(|it| (it.build().unwrap(), table(it, &["GET"]))).collect();
    for (before, old) in &built {
        for (after, new) in &built {
            let diff = TableDiff::between(&old.lock(), &new.lock());
            let is_new =
                |origin: &str| after.allows_origin(origin) && !before.allows_origin(origin);
            if let Some(origin) = ORIGINS.iter().find(|origin| is_new(origin)) {
                assert!(!diff.only_narrows(), "{origin} is new: {diff}");
            }
            for change in diff.changes() {
                let witness = change.witness().unwrap();
                match change.effect() {
                    Effect::Widens => assert!(is_new(witness), "{witness}: {change}"),
                    effect => {
                        assert_eq!(effect, Effect::Narrows, "{change}");
                        let is_lost =
                            before.allows_origin(witness) && !after.allows_origin(witness);
                        assert!(is_lost, "{witness}: {change}");
                    }
                }
            }
        }
    }
}

/// How many changes are tried; more by `RANDOM_CHANGES=10000`.
fn cases() -> u32 {
    std::env::var("RANDOM_CHANGES").map_or(300, |it| it.parse().unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_difference_says_what_browsers_can_do(
        (before, after) in (policy(), policy()),
        methods in (subsequence(METHODS.to_vec(), 1..=3), subsequence(METHODS.to_vec(), 1..=3)),
        listed in subsequence(ORIGINS.to_vec(), 3),
        composed in prop::collection::vec(origin(), 3),
        is_small in any::<bool>(),
        field in select(vec!["origins", "headers", "credentials", "methods"]),
    ) {
        // Changes of one thing are what people make.
        let mut after = after;
        if is_small {
            let changed = after;
            after = before.clone();
            match field {
                "origins" => {
                    after.origins = changed.origins;
                    after.origin_patterns = changed.origin_patterns;
                    after.dangerously_allow = changed.dangerously_allow;
                }
                "headers" => after.headers = changed.headers,
                "credentials" => after.credentials = changed.credentials,
                _ => after.methods = changed.methods,
            }
            prop_assume!(after.build().is_ok());
        }
        let (old, new) = (table(&before, &methods.0), table(&after, &methods.1));
        let diff = TableDiff::between(&committed(&old), &new.lock());
        let (old, new) = (routes(&old), routes(&new));

        // What the difference is not allowed to miss.
        for origin in listed.into_iter().chain(composed.iter().map(String::as_str)) {
            for call in calls(origin) {
                let (could, can) = (can(&old, call), can(&new, call));
                if can && !could {
                    prop_assert!(!diff.only_narrows(), "{call:?} is new: {diff}");
                }
                if could != can {
                    prop_assert!(!diff.is_empty(), "{call:?} is different: {diff}");
                }
            }
        }
        if methods.0 == methods.1 && runs_for_strangers(&new) && !runs_for_strangers(&old) {
            prop_assert!(!diff.only_narrows(), "{diff}");
        }

        // And what it must not claim: where something widens, a page can do it, and could not.
        for change in diff.changes() {
            if change.effect() == Effect::Unknown {
                // All that is known is here but what a handler without a policy does.
                prop_assert!(change.to_string().contains("if its handler is still served"));
                prop_assert!(before.enforce);
                continue;
            }
            let Some(witness) = change.witness() else { continue };
            for method in change.methods() {
                let of_method = |call: &Call<'_>| call.method == method;
                let is_new = |call: Call<'_>| can(&new, call) && !can(&old, call);
                let is_lost = |call: Call<'_>| can(&old, call) && !can(&new, call);
                let mut calls = calls(witness).into_iter().filter(of_method);
                let is_true = match change.effect() {
                    Effect::Widens => calls.any(is_new),
                    _ => calls.any(is_lost),
                };
                prop_assert!(is_true, "{change}, by {witness}, with {method}");
            }
        }
        let widens = diff
            .changes()
            .iter()
            .any(|it| matches!(it.effect(), Effect::Widens | Effect::Unknown));
        prop_assert_eq!(widens, !diff.only_narrows());
    }
}
