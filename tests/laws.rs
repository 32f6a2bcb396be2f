//! The law of the house, over random policies, routes and requests, on the core and on
//! both adapters: *for every route, method and origin, the preflight's verdict equals the
//! verdict on the actual request, and neither is wider than the declared policy.*

#![expect(clippy::expect_used, reason = "a test that cannot go on must stop")]

use actix_web::dev::Service as _;
use actix_web::http as http02;
use actix_web::{App, HttpResponse, test as harness};
use axum::body::Body;
use axum::routing::MethodFilter;
use cors_axum::Routes;
use cors_core::adapter::{Endpoint, EndpointId, Methods, PathRoutes, Route};
use cors_core::{Policy, PolicySpec};
use http::{HeaderMap, HeaderValue, Request};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use tower::ServiceExt as _;

/// Origins that a policy can declare, and for each an oracle that knows nothing of how the
/// engine matches: the origins of the pool below that it stands for.
const DECLARABLE: [(&str, &[&str]); 6] = [
    ("https://app.example.com", &["https://app.example.com"]),
    ("https://example.com", &["https://example.com"]),
    ("https://app.example.com:8443", &["https://app.example.com:8443"]),
    ("https://*.example.com", &["https://app.example.com", "https://a.b.example.com"]),
    ("https://example.com:*", &["https://example.com", "https://example.com:8443"]),
    ("http://localhost:*", &["http://localhost", "http://localhost:3000"]),
];

/// Origins that pages come from.
const ORIGINS: [&str; 12] = [
    "https://app.example.com",
    "https://example.com",
    "https://app.example.com:8443",
    "https://a.b.example.com",
    "https://example.com:8443",
    "http://localhost",
    "http://localhost:3000",
    "https://evil-example.com",
    "https://app.example.com.evil.com",
    "http://app.example.com",
    "https://localhost",
    "null",
];

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const HEADERS: [&str; 4] = ["content-type", "x-api-key", "authorization", "x-other"];
const PATHS: [&str; 3] = ["/a", "/b", "/a/b"];

/// A route with its declaration.
#[derive(Debug, Clone)]
struct Declared {
    path: &'static str,
    method: &'static str,
    spec: PolicySpec,
}

impl Declared {
    /// The declaration as the test reads it, independent of the engine.
    fn allows_origin(&self, origin: &str) -> bool {
        self.spec.origins.iter().any(|declared| {
            declared == "*"
                || DECLARABLE
                    .iter()
                    .any(|(it, stands_for)| it == declared && stands_for.contains(&origin))
        })
    }

    fn allows_header(&self, header: &str) -> bool {
        let named = self.spec.headers.iter().any(|it| it == header);
        named || (self.spec.headers.iter().any(|it| it == "*") && header != "authorization")
    }
}

/// What a page asks.
#[derive(Debug, Clone)]
struct Question {
    route: usize,
    origin: &'static str,
    header: Option<&'static str>,
}

fn declaration() -> impl Strategy<Value = PolicySpec> {
    let listed = subsequence(DECLARABLE.map(|(it, _)| it.to_owned()).to_vec(), 1..4);
    let origins = prop_oneof![4 => listed, 1 => Just(vec!["*".to_owned()])];
    let names = subsequence(HEADERS.map(str::to_owned).to_vec(), 0..4);
    let headers = prop_oneof![3 => names, 1 => Just(vec!["*".to_owned()])];
    (origins, headers, any::<bool>(), any::<bool>()).prop_map(
        |(origins, headers, credentials, enforce)| {
            let is_public = origins.iter().any(|it| it == "*");
            PolicySpec {
                origins,
                headers,
                credentials: credentials && !is_public,
                enforce: enforce && !is_public,
                ..PolicySpec::default()
            }
        },
    )
}

/// Up to four routes, no two for the same method and path.
fn routes() -> impl Strategy<Value = Vec<Declared>> {
    let all: Vec<(&'static str, &'static str)> =
        PATHS.iter().flat_map(|path| METHODS.map(|method| (*path, method))).collect();
    subsequence(all, 1..5).prop_flat_map(|places| {
        let count = places.len();
        (Just(places), prop::collection::vec(declaration(), count)).prop_map(|(places, specs)| {
            let declared = places.into_iter().zip(specs);
            declared.map(|((path, method), spec)| Declared { path, method, spec }).collect()
        })
    })
}

fn questions() -> impl Strategy<Value = Vec<Question>> {
    let one = (0..4_usize, select(ORIGINS.to_vec()), prop::option::of(select(HEADERS.to_vec())))
        .prop_map(|(route, origin, header)| Question { route, origin, header });
    prop::collection::vec(one, 1..12)
}

/// What a browser makes of the two answers.
#[derive(Debug, PartialEq, Eq)]
struct Verdicts {
    preflight: bool,
    actual: bool,
    credentials: bool,
}

/// The verdicts that the declaration promises.
fn promised(declared: &Declared, question: &Question) -> Verdicts {
    let origin = declared.allows_origin(question.origin);
    let header = question.header.is_none_or(|header| declared.allows_header(header));
    Verdicts {
        preflight: origin && header,
        actual: origin,
        credentials: origin && declared.spec.credentials,
    }
}

fn policy(spec: &PolicySpec) -> Policy {
    spec.build().expect("the generator makes valid declarations")
}

/// The request headers of the preflight for a question.
fn asks(declared: &Declared, question: &Question) -> Vec<(&'static str, &'static str)> {
    let mut headers =
        vec![("origin", question.origin), ("access-control-request-method", declared.method)];
    headers.extend(question.header.map(|name| ("access-control-request-headers", name)));
    headers
}

/// The Fetch standard's CORS check, for the origin alone.
fn passes(origin: &str, allow_origin: Option<&[u8]>) -> bool {
    allow_origin.is_some_and(|it| it == b"*" || it == origin.as_bytes())
}

/// The standard's [CORS-preflight fetch][1]: what a browser takes for a yes.
///
/// [1]: https://fetch.spec.whatwg.org/#cors-preflight-fetch
fn grants(
    declared: &Declared,
    question: &Question,
    status: u16,
    value: impl Fn(&str) -> Option<Vec<u8>>,
) -> bool {
    let names = |list: &str, asked: &str| {
        let list = value(list).unwrap_or_default();
        let list = String::from_utf8(list).expect("names are ASCII");
        list.split(',').map(str::trim).any(|it| it == "*" || it.eq_ignore_ascii_case(asked))
    };
    let safelisted = matches!(declared.method, "GET" | "HEAD" | "POST");
    (200..300).contains(&status)
        && passes(question.origin, value("access-control-allow-origin").as_deref())
        && (safelisted || names("access-control-allow-methods", declared.method))
        && question.header.is_none_or(|it| names("access-control-allow-headers", it))
}

fn on_axum(all: &[Declared], questions: &[Question]) -> Vec<Verdicts> {
    let list = all.iter().fold(Routes::new(), |list, declared| {
        let method = declared.method.parse::<http::Method>().expect("a method");
        let filter = MethodFilter::try_from(method).expect("a method that axum routes");
        list.on(filter, declared.path, || async { "ok" }, policy(&declared.spec))
    });
    let app: axum::Router = list.into_router();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let send = |method: &str, path: &str, headers: &[(&'static str, &'static str)]| {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).expect("a request");
        let response = runtime.block_on(app.clone().oneshot(request)).expect("an answer");
        (response.status().as_u16(), response.headers().clone())
    };
    let value =
        |headers: &HeaderMap, name: &str| headers.get(name).map(|it| it.as_bytes().to_vec());
    questions
        .iter()
        .map(|question| {
            let declared = &all[question.route % all.len()];
            let (status, preflight) = send("OPTIONS", declared.path, &asks(declared, question));
            let (_, actual) = send(declared.method, declared.path, &[("origin", question.origin)]);
            let allow = "access-control-allow-origin";
            Verdicts {
                preflight: grants(declared, question, status, |name| value(&preflight, name)),
                actual: passes(question.origin, value(&actual, allow).as_deref()),
                credentials: value(&actual, "access-control-allow-credentials").is_some(),
            }
        })
        .collect()
}

fn on_actix(all: &[Declared], questions: &[Question]) -> Vec<Verdicts> {
    actix_web::rt::System::new().block_on(async {
        let list = all.iter().fold(cors_actix::Routes::new(), |list, declared| {
            let method = declared.method.parse::<http02::Method>().expect("a method");
            list.on(&[method], declared.path, HttpResponse::Ok, policy(&declared.spec))
        });
        let app = App::new().service(list);
        let app = harness::init_service(app).await;
        let mut verdicts = Vec::new();
        for question in questions {
            let declared = &all[question.route % all.len()];
            let mut request =
                harness::TestRequest::with_uri(declared.path).method(http02::Method::OPTIONS);
            for (name, value) in asks(declared, question) {
                request = request.insert_header((name, value));
            }
            let preflight = app.call(request.to_request()).await.expect("an answer");
            let method = http02::Method::from_bytes(declared.method.as_bytes()).expect("a method");
            let request = harness::TestRequest::with_uri(declared.path)
                .method(method)
                .insert_header(("origin", question.origin));
            let actual = app.call(request.to_request()).await.expect("an answer");
            let value = |headers: &http02::header::HeaderMap, name: &str| {
                headers.get(name).map(|it| it.as_bytes().to_vec())
            };
            let allow = "access-control-allow-origin";
            verdicts.push(Verdicts {
                preflight: grants(declared, question, preflight.status().as_u16(), |name| {
                    value(preflight.headers(), name)
                }),
                actual: passes(question.origin, value(actual.headers(), allow).as_deref()),
                credentials: value(actual.headers(), "access-control-allow-credentials").is_some(),
            });
        }
        verdicts
    })
}

/// The core's own word, as `explain` gives it.
fn in_core(declared: &Declared, question: &Question) -> bool {
    let policy = declared.spec.build().expect("the generator makes valid declarations");
    let headers: Vec<&str> = question.header.into_iter().collect();
    policy.explain(question.origin, declared.method, &headers).is_allowed()
}

/// What a browser takes for a yes to a method and a list of names, whatever the origin: as
/// the standard has it, and as browsers that read `*` more widely do.
fn says_yes(answer: &HeaderMap, method: &str, names: &str) -> bool {
    let listed = |list: &str, asked: &str| {
        let lines = answer.get_all(list).iter().map(|it| it.to_str().expect("names are ASCII"));
        let mut elements = lines.flat_map(|line| line.split(',')).map(str::trim);
        elements.any(|it| it == "*" || it.eq_ignore_ascii_case(asked))
    };
    let mut names = names.split(',').map(str::trim).filter(|it| !it.is_empty());
    (matches!(method, "GET" | "HEAD" | "POST") || listed("access-control-allow-methods", method))
        && names.all(|name| listed("access-control-allow-headers", name))
}

/// What a route that explains its rejections says of a preflight.
fn explained(
    policy: Policy,
    origin: &'static str,
    method: &'static str,
    names: &str,
) -> http::Response<()> {
    let methods = Methods::of(&METHODS);
    let endpoint = Endpoint::new("handler", "here", policy);
    let routes = PathRoutes::new(vec![Route::new("/", methods, EndpointId::unique(), endpoint)]);
    let request = Request::options("/")
        .header("origin", origin)
        .header("access-control-request-method", method)
        .header("access-control-request-headers", names)
        .body(())
        .expect("a request");
    let mut response = http::Response::new(());
    let reply = routes.on_preflight(&request, true).expect("it is a preflight");
    let _ = reply.write(&mut response);
    response
}

#[test]
fn a_header_of_the_name_star_is_not_all_headers() {
    let policy = Policy::builder().origins(["*"]).headers(["*"]).build().expect("a policy");
    let names = "*, x-other, authorization";
    let response = explained(policy, "https://app.example.com", "PUT", names);
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["access-control-allow-headers"], "x-other");
}

proptest! {
    // `PROPTEST_CASES` runs more.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(
        std::env::var("PROPTEST_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(500),
    ) })]

    #[test]
    fn preflights_and_actual_requests_get_the_declared_verdict(
        all in routes(),
        questions in questions(),
    ) {
        let promised: Vec<Verdicts> = questions
            .iter()
            .map(|question| promised(&all[question.route % all.len()], question))
            .collect();
        prop_assert_eq!(&on_axum(&all, &questions), &promised, "axum");
        prop_assert_eq!(&on_actix(&all, &questions), &promised, "actix");
        for (question, promised) in questions.iter().zip(&promised) {
            let declared = &all[question.route % all.len()];
            prop_assert_eq!(in_core(declared, question), promised.preflight, "core");
        }
    }

    #[test]
    fn what_a_rejection_says_is_no_yes(
        spec in declaration(),
        declared in prop::option::of(subsequence(METHODS.to_vec(), 1..4)),
        origin in select(ORIGINS.to_vec()),
        method in select(vec!["GET", "HEAD", "POST", "PUT", "PATCH", "put", "PURGE", "*"]),
        names in prop::collection::vec(
            select(vec!["content-type", "X-API-Key", "authorization", "x-other", "*", "", " "]), 0..5,
        ),
    ) {
        let methods = declared.map(|names| names.into_iter().map(str::to_owned).collect());
        let Ok(policy) = (PolicySpec { methods, ..spec }).build() else { return Ok(()) };
        let names = names.join(",");
        let response = explained(policy, origin, method, &names);
        let allowed = response.headers().get("access-control-allow-origin");
        match response.status().as_u16() {
            204 => {}
            200 => {
                prop_assert!(passes(origin, allowed.map(HeaderValue::as_bytes)));
                prop_assert!(!says_yes(response.headers(), method, &names), "{response:?}");
            }
            _ => prop_assert!(allowed.is_none()),
        }
    }
}
