//! The document.

use std::sync::Arc;

use cors_core::adapter::Methods;
use cors_core::{
    Danger, Policy, PolicyRef, RouteTable, Selection, Snapshot, TableDiff, TableLock, Variable,
};

use super::{committed, route};

fn by_tenant(_: &Selection<'_>) -> Option<Snapshot> {
    None
}

/// A route for everything that a policy can be.
fn table() -> RouteTable {
    let full = Policy::builder()
        .origins(["https://b.example.com", "https://a.example.com", "https://*.example.org:*"])
        .origin_patterns([r"^https://pr-[0-9]{1,5}\.example\.com$"])
        .credentials()
        .headers(["x-b", "x-a"])
        .expose_headers(["etag", "X-Total"])
        .methods(["PUT"])
        .max_age("2h")
        .preflight_status(200_u16)
        .private_network()
        .enforce();
    let any = Policy::builder().origins(["*"]).headers(["*"]).expose_headers(["*"]);
    let null = Policy::builder().origins(["null"]).dangerously_allow(Danger::NullOrigin);
    let cell = Policy::builder().credentials().build_cell([Variable::required("FRONT")]).unwrap();
    let waiting = Policy::builder().build_cell([]).unwrap();
    cell.load_from(|_| Some("https://front.example.com".to_owned())).unwrap();
    let mut all = route(&[], "/any", any.build().unwrap());
    all.methods = Methods::All;
    all.served = Methods::All;
    let mut get = route(&["GET"], "/get", null.build().unwrap());
    get.served = Methods::of(&["GET", "HEAD"]);
    "get".clone_into(&mut get.name);
    get.is_guarded = true;
    [
        route(&["PUT"], "/full", full.build().unwrap()),
        all,
        get,
        route(&["GET"], "/front", Arc::new(cell)),
        route(&["GET"], "/waiting", Arc::new(waiting)),
        route(&["GET"], "/none", Policy::builder().none().build().unwrap()),
        route(&["GET"], "/own", PolicyRef::delegated()),
        route(&["GET"], "/tenants", PolicyRef::select(by_tenant)),
    ]
    .into_iter()
    .collect()
}

const DOCUMENT: &str = r#"version = 1

[[routes]]
path = "/any"
methods = ["*"]
handler = "app::handler"

[routes.policy]
origins = ["*"]
headers = ["*"]
expose_headers = ["*"]

[[routes]]
path = "/front"
methods = ["GET"]
handler = "app::handler"

[routes.policy]
origins = ["https://front.example.com"]
origins_from = "from FRONT"
credentials = true

[[routes]]
path = "/full"
methods = ["PUT"]
handler = "app::handler"

[routes.policy]
origins = ["https://*.example.org:*", "https://a.example.com", "https://b.example.com"]
origin_patterns = ['^https://pr-[0-9]{1,5}\.example\.com$']
credentials = true
headers = ["x-a", "x-b"]
expose_headers = ["X-Total", "etag"]
methods = ["PUT"]
max_age = 7200
preflight_status = 200
private_network = true
enforce = true

[[routes]]
path = "/get"
methods = ["GET"]
served = ["GET", "HEAD"]
name = "get"
guarded = true
handler = "app::handler"

[routes.policy]
origins = ["null"]

[[routes]]
path = "/none"
methods = ["GET"]
handler = "app::handler"

[routes.policy]
none = true

[[routes]]
path = "/own"
methods = ["GET"]
handler = "app::handler"

[routes.policy]
delegated = true

[[routes]]
path = "/tenants"
methods = ["GET"]
handler = "app::handler"

[routes.policy]
select = "lock::document::by_tenant"

[[routes]]
path = "/waiting"
methods = ["GET"]
handler = "app::handler"

[routes.policy]
origins_from = "set at run time"
"#;

#[test]
fn the_document_has_the_keys_of_the_attribute_in_a_stable_order() {
    assert_eq!(toml::to_string(&table()).unwrap(), DOCUMENT);
    let reversed: RouteTable =
        table().iter().cloned().collect::<Vec<_>>().into_iter().rev().collect();
    assert_eq!(toml::to_string(&reversed).unwrap(), DOCUMENT);
}

#[test]
fn what_was_committed_is_the_same_table() {
    let table = table();
    assert!(TableDiff::between(&committed(&table), &table.lock()).is_empty());
    assert!(TableDiff::between(&table.lock(), &committed(&table)).is_empty());
    let json = serde_json::to_string(&table).unwrap();
    let read: TableLock = serde_json::from_str(&json).unwrap();
    assert!(TableDiff::between(&read, &table.lock()).is_empty());
}

#[track_caller]
fn refused(policy: &str, expected: &str) {
    let document = format!(
        "version = 1\n[[routes]]\npath = '/users'\nmethods = ['GET']\nhandler = 'h'\n\
         policy = {{ {policy} }}\n"
    );
    let error = toml::from_str::<TableLock>(&document).unwrap_err();
    assert!(error.message().contains(expected), "{}", error.message());
}

#[test]
fn what_is_no_lock_is_an_error_with_its_name() {
    refused(
        "origins = ['https://a.example/']",
        "route `/users`: `https://a.example/` is no origin",
    );
    refused("origin_patterns = ['(']", "route `/users`: the pattern `(` cannot be read");
    refused("none = true, credentials = true", "route `/users`: a policy is `none`, `delegated`");
    refused("delegated = true, select = 'f'", "never two of these");
    refused(r#"expose_headers = ["a\u0001"]"#, "cannot be in a header");
    refused("allow_origins = ['*']", "unknown field `allow_origins`");
    let error = toml::from_str::<TableLock>("version = 2").unwrap_err();
    assert!(error.message().contains("the lock has version 2, and this program reads version 1"));
}

/// What the environment says in one deployment and another.
#[test]
fn origins_of_a_deployment_are_those_of_the_moment() {
    let cell = Arc::new(Policy::builder().build_cell([]).unwrap());
    let table: RouteTable = [route(&["GET"], "/users", Arc::clone(&cell))].into_iter().collect();
    let before = committed(&table);
    cell.set_origins(["https://ada.example.com"]).unwrap();
    let diff = TableDiff::between(&before, &table.lock());
    assert_eq!(
        diff.changes().iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["`GET /users` can now be called by `https://ada.example.com`"]
    );
}

/// Of a build with debug assertions.
#[test]
fn origins_for_debugging_are_those_of_the_build() {
    let policy = Policy::builder()
        .origins(["https://app.example.com"])
        .debug_origins(["http://localhost:*"])
        .build()
        .unwrap();
    let table: RouteTable = [route(&["GET"], "/users", policy)].into_iter().collect();
    let written = toml::to_string(&table).unwrap();
    assert_eq!(written.contains("http://localhost:*"), cfg!(debug_assertions));
}

/// Reading a document is the first thing that a program does with it, so nothing in it may take long.
#[test]
fn patterns_that_are_expensive_to_compile_are_errors() {
    let hosts: Vec<String> = (0..20_000).map(|number| format!("h{number}\\.example")).collect();
    for pattern in [
        "((a{100}){100}){100}".to_owned(),
        "(a?){5000}a{5000}".to_owned(),
        "(a|b)*".repeat(50_000),
        format!("^https://({})$", hosts.join("|")),
        format!("{}{}", "(".repeat(100_000), ")".repeat(100_000)),
        "[a-z]{0,64}.{0,64}".repeat(20),
    ] {
        refused(&format!("origin_patterns = ['{pattern}']"), "cannot be read");
    }
}

/// Two patterns whose automata have too many pairs of states to look at.
#[test]
fn what_is_too_complex_to_be_compared_is_not_called_narrower() {
    let lock = |letters: [char; 2]| -> TableLock {
        let patterns = letters.map(|letter| {
            format!(r"'^https://([a-z0-9-]*{letter}[a-z0-9-]{{7}}\.)+example\.com$'")
        });
        let patterns = patterns.join(", ");
        let document = format!(
            "version = 1\n[[routes]]\npath = '/users'\nmethods = ['GET']\nhandler = 'h'\n\
             policy = {{ origin_patterns = [{patterns}] }}\n"
        );
        toml::from_str(&document).unwrap()
    };
    let diff = TableDiff::between(&lock(['a', 'b']), &lock(['c', 'd']));
    assert!(diff.to_string().contains("(too complex to be compared with the others)"), "{diff}");
    assert!(!diff.only_narrows());
}
