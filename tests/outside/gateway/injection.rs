//! Nothing that a policy says can mean anything in a configuration but itself: names of headers and
//! methods, paths and patterns of all the characters that they may have.

use std::collections::BTreeSet;

use super::origins::route;
use cors_core::gateway::{envoy, http_route};
use cors_core::{Policy, RouteTable};
use proptest::prelude::*;
use serde_json::Value;
use tests::gateway::{BACKEND, Haproxy, Nginx, are_installed, get};

/// Every character of a token, those with a meaning in some configuration more often.
fn token() -> impl Strategy<Value = String> {
    "[a-z]([$%'`#|~^*&!+.]|[A-Za-z0-9_-]){0,12}"
}

/// A segment of a path, of all that a route may have there.
fn segment() -> impl Strategy<Value = String> {
    "[a-z]([\"'\\\\$%;`|~^*&!+.,:=@<>()\\[\\]]|[A-Za-z0-9_-]){0,10}"
}

fn names() -> impl Strategy<Value = Vec<String>> {
    prop::collection::btree_set(token(), 1..4).prop_map(|names: BTreeSet<String>| {
        let lower = names.iter().map(|it| it.to_ascii_lowercase()).collect::<BTreeSet<String>>();
        lower.into_iter().collect()
    })
}

fn table(path: &str, policy: Policy) -> RouteTable {
    [route(path, &["GET", "PUT"], policy)].into_iter().collect()
}

/// What a document holds, by the path to it.
fn at<'v>(value: &'v Value, path: &[&str]) -> &'v Value {
    path.iter().fold(value, |value, key| match key.parse::<usize>() {
        Ok(index) => &value[index],
        Err(_) => &value[*key],
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Servers start, and say the names to pages of the policy and to no others.
    #[test]
    fn names_and_paths_mean_themselves(sent in names(), read in names(), segment in segment()) {
        let policy = Policy::builder()
            .origins(["https://app.example.com"])
            .headers(sent.iter().map(String::as_str))
            .expose_headers(read.iter().map(String::as_str))
            .build();
        // Some names have no effect, which the rules report.
        let Ok(policy) = policy else { return Ok(()) };
        let path = format!("/{segment}");
        let table = table(&path, policy);

        let document: Value = serde_saphyr::from_str(&envoy(&table, "a\"b\\c\n: d").unwrap()).unwrap();
        let filter = at(&document, &["routes", "1", "typed_per_filter_config", "envoy.filters.http.cors"]);
        prop_assert_eq!(at(filter, &["expose_headers"]), &Value::from(read.join(",")));
        prop_assert_eq!(at(filter, &["allow_headers"]), &Value::from(sent.join(",")));
        prop_assert_eq!(at(&document, &["routes", "1", "route", "cluster"]), "a\"b\\c\n: d");
        prop_assert_eq!(at(&document, &["routes", "1", "match", "path"]), &Value::from(path.clone()));

        let document: Value = serde_saphyr::from_str(&http_route(&table, &BACKEND).unwrap()).unwrap();
        let filter = at(&document, &["spec", "rules", "0", "filters", "0", "cors"]);
        prop_assert_eq!(at(filter, &["exposeHeaders"]), &Value::from(read.clone()));
        prop_assert_eq!(at(filter, &["allowHeaders"]), &Value::from(sent));

        if are_installed() && !segment.contains(['%', '\\', '"', '<', '>', '`', '^', '|', '[', ']', '#', '?']) {
            let own = |headers: Vec<(String, String)>| {
                let value = |name: &str| {
                    headers.iter().find(|(it, _)| it == name).map(|(_, value)| value.clone())
                };
                (value("access-control-allow-origin"), value("access-control-expose-headers"))
            };
            let origin = Some("https://app.example.com".to_owned());
            let expected = (origin, Some(read.join(",")));
            let none = (None, None);
            let origins = ["https://app.example.com", "https://app-example.com"];
            for answers in [get::<Nginx>(&table, &path, &origins), get::<Haproxy>(&table, &path, &origins)] {
                let answers: Vec<_> = answers.into_iter().map(own).collect();
                prop_assert_eq!(&answers, &[expected.clone(), none.clone()]);
            }
        }
    }
}
