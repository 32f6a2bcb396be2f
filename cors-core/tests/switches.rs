//! What programs have in their hands when they build a policy: switches, durations, and the types of
//! `http`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::time::Duration;

use cors_core::{Danger, Policy, PolicyBuilder, PolicySpec, Rule};

fn app() -> PolicyBuilder {
    Policy::builder().origins(["https://app.example.com"])
}

#[test]
fn switches_do_what_the_flags_do() {
    let on = app().credentials_if(true).enforce_if(true).build().unwrap();
    assert!(on.allows_credentials() && on.enforces() && !on.is_none());
    let off = app().credentials_if(false).enforce_if(false).none_if(false).build().unwrap();
    assert!(!off.allows_credentials() && !off.enforces() && !off.is_none());
    // A condition that is false takes nothing back.
    assert!(app().credentials().credentials_if(false).build().unwrap().allows_credentials());

    let private = |on| Policy::builder().origins(["*"]).private_network_if(on).build();
    assert!(private(false).is_ok());
    let violations = private(true).unwrap_err();
    assert_eq!(violations.iter().next().unwrap().rule(), Rule::PrivateNetworkAnyOrigin);
}

#[test]
fn none_is_the_policy_of_the_attribute() {
    let spec = PolicySpec {
        origins: vec!["https://app.example.com".to_owned()],
        credentials: true,
        enforce: true,
        max_age: Some(600.into()),
        none: true,
        ..PolicySpec::default()
    };
    for policy in [spec.build().unwrap(), Policy::builder().none().build().unwrap()] {
        assert!(policy.is_none());
        assert!(!policy.allows_credentials() && !policy.enforces() && !policy.is_public());
        assert!(!policy.allows_origin("https://app.example.com"));
        assert_eq!(policy.origins().count(), 0);
    }
}

#[test]
fn none_excuses_no_mistake_but_missing_origins() {
    let rules = |builder: PolicyBuilder| -> Vec<Rule> {
        let violations = builder.none().build().err();
        violations.iter().flatten().map(cors_core::Violation::rule).collect()
    };
    assert_eq!(rules(Policy::builder().methods(["TRACE"])), [Rule::MethodForbidden]);
    let any = Policy::builder().origins(["*"]);
    assert_eq!(rules(any.credentials()), [Rule::OriginAnyWithCredentials]);
    let unneeded = app().dangerously_allow(Danger::NullOrigin);
    assert_eq!(rules(unneeded), [Rule::DangerUnneeded]);
    // The origins that need it come back with CORS.
    assert_eq!(rules(Policy::builder().dangerously_allow(Danger::NullOrigin)), []);
}

#[test]
fn durations_and_numbers_are_times() {
    for builder in [
        app().max_age(7200),
        app().max_age(7200_i64),
        app().max_age(7200_u32),
        app().max_age(7200_u64),
        app().max_age(Duration::from_secs(7200)),
        app().max_age("2h"),
        app().max_age("2h".to_owned()),
    ] {
        assert!(format!("{:?}", builder.build().unwrap()).contains("\"7200\""));
    }
    let violations = app().max_age(u64::MAX).build().unwrap_err();
    assert_eq!(violations.iter().next().unwrap().rule(), Rule::MaxAgeTooLong);
}

/// The same policy from the types of one version of `http`, by value and by reference.
#[cfg(any(feature = "http1", feature = "http02"))]
macro_rules! names_of {
    ($http:ident) => {{
        use $http::header::{AUTHORIZATION, CONTENT_TYPE, ETAG};
        use $http::{HeaderName, Method, StatusCode};

        let custom = HeaderName::from_static("x-request-id");
        let methods: Vec<Method> = vec![Method::GET, Method::from_bytes(b"PURGE").unwrap()];
        let build = |builder: PolicyBuilder| format!("{:?}", builder.build().unwrap());
        let texts = app()
            .headers(["authorization", "content-type", "x-request-id"])
            .expose_headers(["etag"])
            .methods(["GET", "PURGE"])
            .preflight_status(200_u16);
        let expected = build(texts);
        let by_value = app()
            .headers([AUTHORIZATION, CONTENT_TYPE, custom.clone()])
            .expose_headers(Some(ETAG))
            .methods(methods.clone())
            .preflight_status(StatusCode::OK);
        assert_eq!(switches(&build(by_value)), switches(&expected));
        let by_reference = app()
            .headers(&[AUTHORIZATION, CONTENT_TYPE, custom])
            .expose_headers([&ETAG])
            .methods(&methods)
            .preflight_status(StatusCode::OK);
        assert_eq!(switches(&build(by_reference)), switches(&expected));
    }};
}

/// What stands behind the origins, whose slots depend on a random key.
#[cfg(any(feature = "http1", feature = "http02"))]
fn switches(policy: &str) -> &str {
    policy.split_once("switches").unwrap().1
}

#[cfg(feature = "http1")]
#[test]
fn types_of_http_1_are_names() {
    names_of!(http);
}

#[cfg(feature = "http02")]
#[test]
fn types_of_http_02_are_names() {
    names_of!(http02);
}
