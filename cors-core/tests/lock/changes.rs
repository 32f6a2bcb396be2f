//! Changes as pull requests make them, each with the sentences that a reviewer reads: `changes.toml`.

use std::fmt::Write as _;

use cors_core::{TableDiff, TableLock};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Changes {
    change: Vec<Change>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    name: String,
    before: Vec<toml::Table>,
    after: Vec<toml::Table>,
    /// Whether the framework tries one route after the other.
    #[serde(default)]
    route_by_route: bool,
    only_narrows: bool,
    #[serde(default)]
    wider: Vec<String>,
    #[serde(default)]
    unknown: Vec<String>,
    #[serde(default)]
    narrower: Vec<String>,
    #[serde(default)]
    neither: Vec<String>,
}

/// The routes of a case: what it leaves out is the same in all of them.
fn lock(routes: &[toml::Table], route_by_route: bool) -> TableLock {
    let routes = routes.iter().map(|route| {
        let mut route = route.clone();
        for (key, usual) in [("path", "/users/{id}"), ("handler", "app::handler")] {
            route.entry(key).or_insert_with(|| usual.into());
        }
        route.entry("methods").or_insert_with(|| vec!["GET"].into());
        toml::Value::from(route)
    });
    let mut document = toml::Table::new();
    document.insert("version".to_owned(), 1.into());
    if route_by_route {
        document.insert("route_by_route".to_owned(), true.into());
    }
    document.insert("routes".to_owned(), routes.collect::<Vec<_>>().into());
    document.try_into().unwrap()
}

#[test]
fn every_change_has_the_sentences_of_the_list() {
    let changes: Changes = toml::from_str(include_str!("changes.toml")).unwrap();
    assert!(changes.change.len() >= 20);
    let mut report = String::new();
    for change in &changes.change {
        let diff = TableDiff::between(
            &lock(&change.before, change.route_by_route),
            &lock(&change.after, change.route_by_route),
        );
        let expected =
            [&change.wider, &change.unknown, &change.narrower, &change.neither].map(Vec::clone);
        let effects = ["Widens", "Unknown", "Narrows", "Neither"];
        let seen = effects.map(|effect| {
            let of = diff.changes().iter().filter(|it| format!("{:?}", it.effect()) == effect);
            of.map(ToString::to_string).collect::<Vec<_>>()
        });
        if seen != expected || diff.only_narrows() != change.only_narrows {
            writeln!(report, "{}: expected {expected:#?}, seen {seen:#?}", change.name).unwrap();
        }
    }
    assert!(report.is_empty(), "{report}");
}
