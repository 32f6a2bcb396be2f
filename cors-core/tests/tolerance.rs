//! What a service may start with although its configuration is not faultless.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use cors_core::{
    Danger, Field, MaxAge, Policy, PolicySpec, Rule, Tolerated, Violation, Violations,
};

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

/// A policy of one origin, to declare mistakes beside.
fn app() -> PolicySpec {
    PolicySpec { origins: texts(&["https://app.example.com"]), ..PolicySpec::default() }
}

/// The rules that warn, and where; the elements are those of the declaration as it was.
#[track_caller]
fn warnings(spec: &PolicySpec) -> Vec<(Rule, Field, Option<usize>)> {
    let tolerated = spec.build_tolerant().unwrap();
    // Who warns would have refused, and the other way round, in the same words.
    assert_eq!(tolerated.warnings, spec.build().err());
    let place = |it: &Violation| (it.rule(), it.location().field, it.location().element);
    tolerated.warnings.iter().flatten().map(place).collect()
}

#[track_caller]
fn refusals(spec: &PolicySpec) -> Vec<Rule> {
    spec.build_tolerant().unwrap_err().iter().map(Violation::rule).collect()
}

/// Everything about a policy, but for the slots that its origins have been hashed to.
fn parts(policy: &Policy) -> (Vec<String>, String) {
    let debug = format!("{policy:?}");
    let rest = debug.split_once("switches: ").unwrap().1.to_owned();
    (policy.origins().collect(), rest)
}

#[track_caller]
fn assert_means(spec: &PolicySpec, meant: &PolicySpec) {
    let tolerated = spec.build_tolerant().unwrap();
    assert_eq!(parts(&tolerated.policy), parts(&meant.build().unwrap()));
}

#[test]
fn a_home_server_starts_with_its_defaults() {
    // Tuwunel, `cors_layer` in src/router/layers.rs.
    let spec = PolicySpec {
        origins: texts(&["*"]),
        methods: Some(texts(&["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"])),
        headers: texts(&[
            "accept",
            "authorization",
            "content-type",
            "if-match",
            "if-none-match",
            "origin",
            "x-requested-with",
        ]),
        expose_headers: texts(&["etag"]),
        max_age: Some(MaxAge::Seconds(86_400)),
        ..PolicySpec::default()
    };
    assert_eq!(warnings(&spec), [(Rule::HeaderForbidden, Field::Headers, Some(5))]);

    let mut meant = spec.clone();
    meant.headers.remove(5);
    assert_means(&spec, &meant);
}

#[test]
fn a_database_starts_with_its_defaults() {
    // SurrealDB, `SurrealRouter::build` in server/src/ntw/mod.rs.
    let spec = PolicySpec {
        origins: texts(&["*"]),
        methods: Some(texts(&["GET", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"])),
        headers: texts(&[
            "accept",
            "accept-encoding",
            "authorization",
            "content-type",
            "origin",
            "surreal-ns",
            "surreal-db",
            "surreal-id",
            "surreal-auth-ns",
            "surreal-auth-db",
        ]),
        max_age: Some(MaxAge::Seconds(86_400)),
        ..PolicySpec::default()
    };
    let expected = [1, 4].map(|index| (Rule::HeaderForbidden, Field::Headers, Some(index)));
    assert_eq!(warnings(&spec), expected);

    let mut meant = spec.clone();
    meant.headers.retain(|name| !matches!(name.as_str(), "accept-encoding" | "origin"));
    assert_means(&spec, &meant);
}

#[test]
fn an_edge_proxy_starts_with_its_defaults() {
    // Unleash Edge, `CorsOptions` in unleash-edge-cli/src/lib.rs: any method, any header.
    let spec = PolicySpec {
        origins: texts(&["*"]),
        headers: texts(&["*"]),
        expose_headers: texts(&["*"]),
        max_age: Some(MaxAge::Seconds(172_800)),
        ..PolicySpec::default()
    };
    assert_eq!(warnings(&spec), [(Rule::MaxAgeTooLong, Field::MaxAge, None)]);
    assert_means(&spec, &PolicySpec { max_age: Some(MaxAge::Seconds(86_400)), ..spec.clone() });
}

#[test]
fn a_store_of_bookmarks_starts_with_its_defaults() {
    // syncstorage-rs, `Settings::default` in syncserver-settings/src/lib.rs.
    let spec = PolicySpec {
        origins: texts(&["*"]),
        methods: Some(texts(&["DELETE", "GET", "POST", "PUT"])),
        headers: texts(&[
            "Authorization",
            "Content-Type",
            "User-Agent",
            "X-Last-Modified",
            "X-Weave-Timestamp",
            "X-Weave-Next-Offset",
            "X-Weave-Records",
            "X-Weave-Bytes",
            "X-Weave-Total-Records",
            "X-Weave-Total-Bytes",
            "X-Verify-Code",
            "TEST_IDLES",
        ]),
        max_age: Some(MaxAge::Seconds(1_728_000)),
        ..PolicySpec::default()
    };
    assert_eq!(warnings(&spec), [(Rule::MaxAgeTooLong, Field::MaxAge, None)]);
    assert_means(&spec, &PolicySpec { max_age: Some(MaxAge::Seconds(86_400)), ..spec.clone() });
}

#[test]
fn what_is_useless_is_left_out() {
    let spec = PolicySpec {
        origins: texts(&[
            "https://a.example.com",
            "https://b.example.com",
            "https://a.example.com",
        ]),
        methods: Some(texts(&["TRACE", "PUT", "PUT"])),
        headers: texts(&["*", "x-debug", "authorization", "cookie", "Cookie"]),
        expose_headers: texts(&["set-cookie", "etag"]),
        max_age: Some(MaxAge::Seconds(-1)),
        dangerously_allow: vec![Danger::InsecureOrigins, Danger::InsecureOrigins],
        ..PolicySpec::default()
    };
    let meant = PolicySpec {
        origins: texts(&["https://a.example.com", "https://b.example.com"]),
        methods: Some(texts(&["PUT"])),
        headers: texts(&["*", "authorization"]),
        expose_headers: texts(&["etag"]),
        max_age: Some(MaxAge::Seconds(0)),
        ..PolicySpec::default()
    };
    assert!(warnings(&spec).len() >= 10);
    assert_means(&spec, &meant);
}

#[test]
fn a_danger_that_is_needed_stays() {
    let dangers = vec![Danger::NullOrigin, Danger::InsecureOrigins];
    let spec = PolicySpec {
        origins: texts(&["http://intranet.example.com"]),
        credentials: true,
        dangerously_allow: dangers,
        ..PolicySpec::default()
    };
    assert_eq!(warnings(&spec), [(Rule::DangerUnneeded, Field::DangerouslyAllow, Some(0))]);
    let policy = spec.build_tolerant().unwrap().policy;
    assert!(policy.allows_origin("http://intranet.example.com"));
}

#[test]
fn sites_without_patterns_limit_nothing() {
    let spec = PolicySpec { sites: texts(&["example.com", "example.com"]), ..app() };
    assert!(warnings(&spec).contains(&(Rule::SiteUnneeded, Field::Sites, None)));
}

#[test]
fn faultless_is_without_warnings() {
    assert!(app().build_tolerant().unwrap().warnings.is_none());
}

#[test]
fn unsafe_stays_an_error_with_all_that_is_wrong() {
    let spec = PolicySpec {
        origins: texts(&["*"]),
        credentials: true,
        headers: texts(&["origin"]),
        ..PolicySpec::default()
    };
    assert_eq!(refusals(&spec), [Rule::OriginAnyWithCredentials, Rule::HeaderForbidden]);
    assert_eq!(spec.build_tolerant().unwrap_err(), spec.build().unwrap_err());
}

#[test]
fn what_was_meant_to_work_and_does_not_stays_an_error() {
    for (spec, rule) in [
        (PolicySpec { origins: texts(&["https://a.example/"]), ..app() }, Rule::OriginPath),
        (PolicySpec { origins: texts(&["a.example"]), ..app() }, Rule::OriginSchemeMissing),
        (PolicySpec { methods: Some(texts(&["patch"])), ..app() }, Rule::MethodCase),
        (PolicySpec { methods: Some(texts(&["*"])), ..app() }, Rule::MethodAny),
        (PolicySpec { methods: Some(vec![]), ..app() }, Rule::MethodNone),
        (PolicySpec { headers: texts(&["x debug"]), ..app() }, Rule::HeaderToken),
        (PolicySpec { max_age: Some("a day".into()), ..app() }, Rule::MaxAgeFormat),
        (PolicySpec { preflight_status: Some(304), ..app() }, Rule::PreflightStatus),
        (
            PolicySpec { credentials: true, expose_headers: texts(&["*"]), ..app() },
            Rule::ExposeAnyWithCredentials,
        ),
        (
            PolicySpec { origins: texts(&["*", "https://a.example"]), ..app() },
            Rule::OriginAnyBesideOthers,
        ),
        (PolicySpec { origins: texts(&["*"]), enforce: true, ..app() }, Rule::EnforceAnyOrigin),
    ] {
        assert_eq!(refusals(&spec), [rule]);
    }
}

/// Nothing is left, and an absent list would allow more than was declared.
#[test]
fn no_list_becomes_empty() {
    let spec = PolicySpec { methods: Some(texts(&["TRACE", "CONNECT"])), ..app() };
    assert_eq!(refusals(&spec), [Rule::MethodForbidden, Rule::MethodForbidden, Rule::MethodNone]);
}

/// What the duplicate hid is judged once it is gone.
#[cfg(feature = "patterns")]
#[test]
fn patterns_are_checked_together_without_their_duplicates() {
    let patterns =
        [r"^https://[a-z]+\.example\.com$", r"^https://[a-z]+\.example\.org$"].map(str::to_owned);
    let [com, org] = patterns;
    let spec = PolicySpec { origin_patterns: vec![com.clone(), com, org], ..PolicySpec::default() };
    assert_eq!(refusals(&spec), [Rule::PatternDuplicate, Rule::PatternUndeclaredSites]);

    let spec = PolicySpec { sites: texts(&["example.com", "example.org"]), ..spec };
    assert_eq!(warnings(&spec), [(Rule::PatternDuplicate, Field::OriginPatterns, Some(1))]);
}

#[test]
fn many_duplicates_cost_no_more_than_reading_them() {
    let mut origins = vec!["https://app.example.com".to_owned(); 100_000];
    origins.push("https://b.example.com".to_owned());
    let spec = PolicySpec { origins, ..PolicySpec::default() };
    let Tolerated { policy, warnings } = spec.build_tolerant().unwrap();
    let warnings = warnings.unwrap();
    assert_eq!((warnings.len(), warnings.iter().len()), (99_999, Violations::MOST_KEPT));
    let origins: Vec<String> = policy.origins().collect();
    assert_eq!(origins, ["https://app.example.com", "https://b.example.com"]);
}

/// A mistake behind more harmless ones than are kept.
#[test]
fn harm_is_seen_behind_a_thousand_duplicates() {
    let mut origins = vec!["https://app.example.com".to_owned(); 5000];
    origins.push("https://b.example.com/".to_owned());
    let spec = PolicySpec { origins, ..PolicySpec::default() };
    assert_eq!(spec.build_tolerant().unwrap_err(), spec.build().unwrap_err());
}
