use super::{Unsayable, envoy, haproxy, nginx};
use crate::adapter::endpoint::Endpoint;
use crate::adapter::reference::PolicyRef;
use crate::adapter::select::Selection;
use crate::adapter::table::{Matching, Methods, Route, RouteTable};
use crate::policy::Policy;
use crate::policy::snapshot::Snapshot;
use crate::protocol::nested::EndpointId;

fn route(path: &str, policy: impl Into<PolicyRef>) -> Route {
    Route::new(
        path,
        Methods::of(&["GET"]),
        EndpointId::unique(),
        Endpoint::new("app::handler", "src/app.rs:1", policy),
    )
}

fn policy() -> Policy {
    Policy::builder().origins(["https://app.example.com"]).build().unwrap()
}

fn by_tenant(_: &Selection<'_>) -> Option<Snapshot> {
    None
}

#[track_caller]
fn refused(routes: Vec<Route>, expected: &[Unsayable]) {
    let table: RouteTable = routes.into_iter().collect();
    for errors in [nginx(&table).unwrap_err(), haproxy(&table).unwrap_err()] {
        let why: Vec<Unsayable> = errors.iter().map(|error| error.why().clone()).collect();
        assert_eq!(why, expected);
        assert!(errors.to_string().contains("(`app::handler`): "), "{errors}");
    }
}

#[test]
fn what_cannot_be_expressed_is_reported_at_once() {
    let by = std::any::type_name_of_val(&by_tenant).to_owned();
    let mut guarded = route("/guarded", policy());
    guarded.is_guarded = true;
    let names: Vec<String> = (0..200).map(|number| format!("x-header-number-{number}")).collect();
    let long = Policy::builder().origins(["*"]).headers(names.iter().map(String::as_str));
    refused(
        vec![
            route("/tenants", PolicyRef::select(by_tenant)),
            guarded,
            route("/users/{id:[0-9]+}", policy()),
            route("/long", long.build().unwrap()),
            route("/files/{name}", policy()),
            route("/files/readme", policy()),
        ],
        &[
            Unsayable::Selected { by },
            Unsayable::Guarded,
            Unsayable::Path,
            Unsayable::TooLong,
            Unsayable::Ambiguous { other: "/files/readme".to_owned() },
        ],
    );
}

#[test]
fn what_is_enforced_needs_a_target_that_rejects() {
    let enforced = Policy::builder().origins(["https://app.example.com"]).enforce();
    let table: RouteTable = [route("/live", enforced.build().unwrap())].into_iter().collect();
    assert!(nginx(&table).is_ok());
    assert!(haproxy(&table).is_ok());
    let errors = envoy(&table, "app").unwrap_err();
    assert_eq!(errors.iter().next().unwrap().why(), &Unsayable::Enforce);
}

/// A gateway enforces what it is given, and nothing of a candidate is enforced.
#[test]
fn a_candidate_is_not_written_down() {
    let everybody = Policy::builder().origins(["*"]).build().unwrap();
    let both = PolicyRef::from(policy()).with_candidate(everybody);
    let [alone, both] = [PolicyRef::from(policy()), both]
        .map(|policy| [route("/users", policy)].into_iter().collect::<RouteTable>());
    assert_eq!(nginx(&alone).unwrap().http, nginx(&both).unwrap().http);
    assert_eq!(haproxy(&alone).unwrap(), haproxy(&both).unwrap());
    assert_eq!(envoy(&alone, "app").unwrap(), envoy(&both, "app").unwrap());
}

#[test]
fn a_comment_is_one_line() {
    assert_eq!(super::comment("# ", "a\nb\r\u{85}c"), "# a\\u{a}b\\u{d}\\u{85}c\n");
}

/// A pattern whose automaton has no short regular expression is left out, which allows less.
#[cfg(feature = "patterns")]
#[test]
fn a_pattern_that_is_too_long_is_left_out_with_a_comment() {
    let pattern = r"^https://([a-z0-9-]*a[a-z0-9-]{6}\.)+example\.com$";
    let policy = Policy::builder()
        .origins(["https://app.example.com"])
        .origin_patterns([pattern])
        .build()
        .unwrap();
    let table: RouteTable = [route("/users", policy)].into_iter().collect();
    let words = format!("# not said, as it is too long: origins that match `{pattern}`");
    assert!(nginx(&table).unwrap().http.contains(&words));
    assert!(haproxy(&table).unwrap().contains(&words));
    assert!(envoy(&table, "app").unwrap().contains(&words));
}

fn of_methods(methods: &[&'static str], path: &str, policy: impl Into<PolicyRef>) -> Route {
    let methods = Methods::of(methods);
    Route { served: methods.clone(), methods, ..route(path, policy) }
}

/// A framework that tries one route after the other goes on to the next path for the methods that a path
/// does not serve.
#[test]
fn routes_that_are_tried_one_after_the_other_go_on() {
    let live =
        || Policy::builder().origins(["https://live.example.com"]).enforce().build().unwrap();
    let table = |routes: Vec<Route>| {
        let table: RouteTable = routes.into_iter().collect();
        table.matched(Matching::RouteByRoute)
    };
    let routes = vec![
        of_methods(&["GET"], "/files/admin", policy()),
        of_methods(&["POST", "GET"], "/files/{name}", live()),
        of_methods(&["PUT"], "/files/{*rest}", policy()),
        of_methods(&["PUT"], "/{area}/{name}", live()),
    ];
    let text = nginx(&table(routes)).unwrap().http;
    let policies_of = |number: usize| {
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|it| it.starts_with(&format!("\"~^p{number} ")));
        let lines = lines.filter(|it| it.ends_with("\"c0\";") || it.ends_with("\"c1\";"));
        lines.collect::<Vec<_>>()
    };
    assert_eq!(
        policies_of(0),
        [r#""~^p0 (?:GET)$" "c0";"#, r#""~^p0 (?:POST)$" "c1";"#, r#""~^p0 (?:PUT)$" "c0";"#,]
    );
    assert_eq!(policies_of(1), [r#""~^p1 (?:POST|GET)$" "c1";"#, r#""~^p1 (?:PUT)$" "c0";"#]);

    // Neither order of the paths would do.
    let other = || "/files/{name}".to_owned();
    for routes in [
        vec![
            of_methods(&["GET"], "/files/admin", policy()),
            of_methods(&["PUT"], "/files/{name}", live()),
            of_methods(&["PUT"], "/files/admin", policy()),
        ],
        vec![
            of_methods(&["GET"], "/{area}/admin", policy()),
            of_methods(&["PUT"], "/files/{name}", live()),
        ],
    ] {
        let errors = nginx(&table(routes)).unwrap_err();
        let why: Vec<Unsayable> = errors.iter().map(|error| error.why().clone()).collect();
        assert!(why.contains(&Unsayable::Overlapping { other: other() }), "{errors}");
    }
}
