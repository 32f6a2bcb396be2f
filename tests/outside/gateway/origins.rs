//! Origins are matched exactly, whatever they are declared by, and each route has its own policy.

use super::schemas::everything;
use cors_core::adapter::{Endpoint, EndpointId, Methods, Route};
use cors_core::{Danger, Policy, PolicyRef, RouteTable};
use tests::gateway::{Haproxy, Nginx, Server, UPSTREAM, are_installed, get};

/// Origins that are declared, and what is near to them.
const ORIGINS: [&str; 34] = [
    "https://app.example.com",
    "https://APP.example.com",
    "https://app.example.com.",
    "https://appxexample.com",
    "https://app.example.com:8443",
    "https://app.example.com:443",
    "https://app.example.com.evil.net",
    "https://evil.net/https://app.example.com",
    "http://app.example.com",
    "https://a.b.example.org",
    "https://a_b.example.org:65535",
    "https://a.example.org:65536",
    "https://a.example.org:0443",
    "https://a.example.org:443",
    "https://a.example.org:80",
    "https://.example.org",
    "https://a..example.org",
    "https://example.org",
    "https://evil-example.org",
    "http://localhost",
    "http://localhost:80",
    "http://localhost:8",
    "http://localhost:3000",
    "http://localhost:65535",
    "http://localhost:655350",
    "http://[::1]:3000",
    "https://pr-1.preview.example.com",
    "https://pr-12345-fix.preview.example.com",
    "https://pr-123456.preview.example.com",
    "https://pr-1xpreview.example.com",
    "capacitor://localhost",
    "null",
    "NULL",
    "*",
];

pub(super) fn route(path: &str, methods: &[&'static str], policy: impl Into<PolicyRef>) -> Route {
    Route::new(
        path,
        Methods::of(methods),
        EndpointId::unique(),
        Endpoint::new("handler", "table.rs", policy),
    )
}

fn policies() -> (Policy, Policy) {
    let one = Policy::builder()
        .origins([
            "https://app.example.com",
            "https://*.example.org:*",
            "http://localhost:*",
            "http://[::1]:3000",
            "capacitor://localhost",
        ])
        .origin_patterns([r"^https://pr-[0-9]{1,5}(-[a-z]+)?\.preview\.example\.com$"]);
    let other = Policy::builder()
        .origins(["null", "https://app.example.com:8443"])
        .dangerously_allow(Danger::NullOrigin);
    (one.build().unwrap(), other.build().unwrap())
}

fn matched<S: Server>() {
    let (one, other) = policies();
    let table: RouteTable = [
        route("/users/me", &["GET"], other.clone()),
        route("/users/{id}", &["GET"], one.clone()),
        route("/users/{id}", &["PUT"], other.clone()),
        route("/own/{*rest}", &["GET"], PolicyRef::delegated()),
    ]
    .into_iter()
    .collect();
    for (path, policy) in [("/users/me", &other), ("/users/7?a=/b", &one)] {
        let answers = get::<S>(&table, path, &ORIGINS);
        for (origin, headers) in ORIGINS.iter().zip(answers) {
            let allowed: Vec<&str> = headers
                .iter()
                .filter(|(name, _)| name == "access-control-allow-origin")
                .map(|(_, value)| value.as_str())
                .collect();
            let expected = if policy.allows_origin(origin) { vec![*origin] } else { vec![] };
            assert_eq!(allowed, expected, "{origin} on {path}, by {}", S::NAME);
        }
    }
    // What handles CORS itself, and what is none of the routes, says what it says.
    for path in ["/own/a/b", "/other", "/users", "/%75sers/7", "/users/7/posts"] {
        for headers in get::<S>(&table, path, &["https://app.example.com"]) {
            let line = ("access-control-allow-origin".to_owned(), UPSTREAM.to_owned());
            assert_eq!(headers.iter().filter(|it| **it == line).count(), 1, "{path}: {headers:?}");
        }
    }
}

/// Whose pages may read the responses on a path.
fn read_by<S: Server>(table: &RouteTable, path: &str, origin: &str) -> Vec<String> {
    let answers = get::<S>(table, path, &[origin]);
    let values = answers.into_iter().flatten();
    values.filter(|(name, _)| name == "access-control-allow-origin").map(|(_, it)| it).collect()
}

/// A path may have a route for some methods and one for the others.
fn first_route_has_its_policy<S: Server>() {
    let any = Policy::builder().origins(["*"]).build().unwrap();
    let mut rest = route("/users", &[], any);
    (rest.methods, rest.served) = (Methods::All, Methods::All);
    let table: RouteTable = [route("/users", &["GET"], policies().0), rest].into_iter().collect();
    assert_eq!(read_by::<S>(&table, "/users", "https://stranger.example"), [""; 0], "{}", S::NAME);
    assert_eq!(read_by::<S>(&table, "/users", ORIGINS[0]), [ORIGINS[0]], "{}", S::NAME);
}

/// An upstream that decodes the path answers with the first route, which has another policy.
fn escapes_have_no_policy<S: Server>() {
    let any = Policy::builder().origins(["*"]).build().unwrap();
    let table: RouteTable =
        [route("/users:$me", &["GET"], policies().0), route("/{name}", &["GET"], any)]
            .into_iter()
            .collect();
    for (path, expected) in [
        ("/users:$me", ORIGINS[0]),
        ("/users%3a$me", UPSTREAM),
        ("/users:%24me?a=b", UPSTREAM),
        ("/users%3A%24me", UPSTREAM),
        ("/users:$m%65", UPSTREAM),
        ("/other%3A%24me", "*"),
    ] {
        assert_eq!(read_by::<S>(&table, path, ORIGINS[0]), [expected], "{path}, {}", S::NAME);
    }
}

/// Also with everything that a policy can be, in the longest rules.
fn starts<S: Server>() {
    let origins = ["https://app.example.com", "https://b.example"];
    let answers = get::<S>(&everything(), "/0/a", &origins);
    let read = |headers: &Vec<(String, String)>| {
        headers.iter().any(|(name, _)| name == "access-control-expose-headers")
    };
    assert_eq!(answers.iter().map(read).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn servers_start_with_everything() {
    if are_installed() {
        starts::<Nginx>();
        starts::<Haproxy>();
    }
}

#[test]
fn servers_match_origins_as_the_program_does() {
    if are_installed() {
        matched::<Nginx>();
        matched::<Haproxy>();
    }
}

#[test]
fn servers_choose_routes_as_the_program_does() {
    if are_installed() {
        first_route_has_its_policy::<Nginx>();
        first_route_has_its_policy::<Haproxy>();
        escapes_have_no_policy::<Nginx>();
        escapes_have_no_policy::<Haproxy>();
    }
}
