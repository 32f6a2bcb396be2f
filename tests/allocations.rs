//! What deciding and starting cost the allocator: nothing.
//!
//! Counted is what the core does by itself, between a request head that is there and a list of
//! header lines with room in it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::hint::black_box;

use allocation_counter::measure;
use cors_core::{
    Decision, Policy, Refusal, RequestHead, RequestHeader, ResponseHeader, ResponseHeaders,
};
use http::HeaderValue;

cors_axum::policy! {
    static PUBLIC = { origins = "*", headers = ["x-trace"], expose_headers = ["x-total"] }

    static FRONT_ENDS = {
        origins = ["https://app.example.com", "https://admin.example.com", "http://localhost:3000"],
        credentials,
        headers = ["content-type", "x-csrf"],
        expose_headers = ["x-total"],
        max_age = 600,
        private_network,
    }

    static WILDCARDS = {
        origins = ["https://*.example.org:*", "https://example.com:*"],
        headers = ["*", "authorization"],
        credentials,
    }

    static ENFORCED = { origins = ["https://app.example.com"], enforce }
}

/// Compiles only if a policy is there without anybody having run.
static AT_COMPILE_TIME: [&Policy; 4] = [&PUBLIC, &FRONT_ENDS, &WILDCARDS, &ENFORCED];

/// The methods of the route that everybody asks for.
const SERVED: Option<&[&str]> = Some(&["GET", "PUT"]);

struct Head {
    method: &'static str,
    lines: Vec<(RequestHeader, HeaderValue)>,
    /// Header values that came over the wire are shared already; a copy is what makes them so.
    _shared: Vec<HeaderValue>,
}

impl Head {
    fn new(method: &'static str, lines: &[(RequestHeader, &str)]) -> Self {
        let value = |text: &str| HeaderValue::from_bytes(text.as_bytes()).unwrap();
        let lines: Vec<_> = lines.iter().map(|(name, text)| (*name, value(text))).collect();
        let shared = lines.iter().map(|(_, value)| value.clone()).collect();
        Self { method, lines, _shared: shared }
    }

    fn get(origin: &str) -> Self {
        Self::new("GET", &[(RequestHeader::Origin, origin)])
    }

    fn preflight(origin: &str, method: &str, headers: &str) -> Self {
        Self::new(
            "OPTIONS",
            &[
                (RequestHeader::Origin, origin),
                (RequestHeader::AccessControlRequestMethod, method),
                (RequestHeader::AccessControlRequestHeaders, headers),
                (RequestHeader::AccessControlRequestPrivateNetwork, "true"),
            ],
        )
    }
}

impl RequestHead for Head {
    type Value = HeaderValue;

    fn method(&self) -> &str {
        self.method
    }

    fn lines(&self, name: RequestHeader) -> impl Iterator<Item = &HeaderValue> {
        self.lines.iter().filter(move |(it, _)| *it == name).map(|(_, value)| value)
    }
}

struct Headers(Vec<(ResponseHeader, HeaderValue)>);

impl ResponseHeaders for Headers {
    type Value = HeaderValue;

    fn each(&self, mut visit: impl FnMut(ResponseHeader, &HeaderValue)) {
        for (name, value) in &self.0 {
            visit(*name, value);
        }
    }

    fn append(&mut self, name: ResponseHeader, value: HeaderValue) {
        self.0.push((name, value));
    }

    fn remove(&mut self, name: ResponseHeader) {
        self.0.retain(|(it, _)| *it != name);
    }
}

/// What a decision was, in one word.
#[derive(Debug, PartialEq)]
enum Kind {
    Granted,
    Refused(Refusal),
    Allowed,
    NotAllowed,
}

/// Decides and writes, and fails if that asked for memory.
#[track_caller]
fn case(policy: &Policy, head: &Head, expected: &Kind) {
    let mut headers = Headers(Vec::with_capacity(16));
    // What a handler set, for the policy to merge and to replace.
    headers.append(ResponseHeader::Vary, HeaderValue::from_static("accept-encoding"));
    headers.append(ResponseHeader::AccessControlAllowOrigin, HeaderValue::from_static("null"));
    let mut kind = None;
    let cost = measure(|| {
        kind = Some(match black_box(policy).decide(black_box(head), SERVED) {
            Decision::Granted(grant) => {
                policy.write_grant(grant, head, &mut headers);
                Kind::Granted
            }
            Decision::Refused(refusal) => {
                policy.write_refusal(refusal, &mut headers);
                Kind::Refused(refusal)
            }
            Decision::Actual(actual) => {
                let _ = black_box(policy.write(actual, &mut headers));
                let allows = |(name, _): &(ResponseHeader, HeaderValue)| {
                    *name == ResponseHeader::AccessControlAllowOrigin
                };
                if headers.0.iter().any(allows) { Kind::Allowed } else { Kind::NotAllowed }
            }
        });
    });
    assert_eq!(kind.as_ref(), Some(expected));
    assert_eq!(cost.count_total, 0, "{expected:?} cost {} bytes", cost.bytes_total);
}

const APP: &str = "https://app.example.com";
const EVIL: &str = "https://evil.example.net";

#[test]
fn the_counter_counts() {
    assert_eq!(measure(|| drop(black_box(vec![1_u8]))).count_total, 1);
}

#[test]
fn actual_requests() {
    case(&PUBLIC, &Head::new("GET", &[]), &Kind::Allowed);
    case(&PUBLIC, &Head::get(EVIL), &Kind::Allowed);
    case(&FRONT_ENDS, &Head::new("GET", &[]), &Kind::NotAllowed);
    case(&FRONT_ENDS, &Head::get(APP), &Kind::Allowed);
    case(&FRONT_ENDS, &Head::get(EVIL), &Kind::NotAllowed);
    case(&WILDCARDS, &Head::get("https://pr-1.preview.example.org:8443"), &Kind::Allowed);
    case(&WILDCARDS, &Head::get("https://evil-example.org"), &Kind::NotAllowed);
    case(&ENFORCED, &Head::get(APP), &Kind::Allowed);
    case(&ENFORCED, &Head::get(EVIL), &Kind::Refused(Refusal::Enforced));
}

#[test]
fn preflights() {
    case(&PUBLIC, &Head::preflight(EVIL, "PUT", "x-trace"), &Kind::Granted);
    case(&FRONT_ENDS, &Head::preflight(APP, "PUT", "content-type,x-csrf"), &Kind::Granted);
    case(&WILDCARDS, &Head::preflight("https://a.example.org", "PUT", "x-any"), &Kind::Granted);
    let refused = [
        (Head::preflight(EVIL, "PUT", ""), Refusal::Origin),
        (Head::preflight(APP, "DELETE", ""), Refusal::Method),
        (Head::preflight(APP, "put", ""), Refusal::Method),
        (Head::preflight(APP, "PUT", "x-other"), Refusal::Header),
    ];
    for (head, refusal) in refused {
        case(&FRONT_ENDS, &head, &Kind::Refused(refusal));
    }
}

#[test]
fn hostile_requests() {
    let lists = [
        ",".repeat(8192),
        "content-type,".repeat(630),
        " ".repeat(8192),
        (0..1200).map(|n| format!("x-{n}")).collect::<Vec<_>>().join(","),
    ];
    for list in &lists {
        for policy in [&FRONT_ENDS, &ENFORCED] {
            case(policy, &Head::preflight(APP, "PUT", list), &Kind::Refused(Refusal::Header));
        }
        let head = Head::preflight("https://a.example.org", "PUT", list);
        case(&WILDCARDS, &head, &Kind::Refused(Refusal::Header));
    }
    let origins = [
        format!("https://{}.example.org", "a".repeat(8192)),
        format!("https://{}example.org", "a.".repeat(4096)),
        "https://\u{e4}.example.org".to_owned(),
        format!("{APP}{}", "0".repeat(8192)),
    ];
    for origin in &origins {
        for policy in AT_COMPILE_TIME.into_iter().filter(|policy| !policy.is_public()) {
            case(policy, &Head::preflight(origin, "PUT", ""), &Kind::Refused(Refusal::Origin));
        }
        case(&FRONT_ENDS, &Head::get(origin), &Kind::NotAllowed);
        case(&WILDCARDS, &Head::get(origin), &Kind::NotAllowed);
        case(&ENFORCED, &Head::get(origin), &Kind::Refused(Refusal::Enforced));
    }
    let method = "P".repeat(8192);
    case(&FRONT_ENDS, &Head::preflight(APP, &method, ""), &Kind::Refused(Refusal::Method));
}

mod on_axum {
    use cors_axum::cors;

    #[cors(origins = ["https://app.example.com", "https://*.example.org"], credentials)]
    #[get("/data")]
    pub(super) async fn data() -> &'static str {
        "ok"
    }
}

mod on_actix {
    use actix_web::get;
    use cors_actix::cors;

    #[cors(origins = ["https://app.example.com", "https://*.example.org"], credentials)]
    #[get("/data")]
    pub(super) async fn data() -> &'static str {
        "ok"
    }
}

/// The first request that a handler gets costs what the second does: nothing waited for it.
#[test]
fn axum_handlers_initialise_nothing() {
    use axum::body::Body;
    use tower::ServiceExt;

    let app = axum::Router::<()>::new()
        .route("/plain", axum::routing::get(async || "ok"))
        .merge(cors_axum::routes![on_axum::data]);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let ask = |path: &str| {
        let request = http::Request::get(path).header("origin", APP).body(Body::empty()).unwrap();
        let app = app.clone();
        allocations(|| runtime.block_on(app.oneshot(request)).unwrap())
    };
    // What the framework itself initialises, it does here.
    ask("/plain");
    assert_eq!(ask("/data"), ask("/data"));
}

#[test]
fn actix_handlers_initialise_nothing() {
    use actix_web::dev::Service;
    use actix_web::test::{TestRequest, init_service};
    use actix_web::{App, web};

    let system = actix_web::rt::System::new();
    let app = App::new().route("/plain", web::get().to(async || "ok")).service(on_actix::data);
    let app = system.block_on(init_service(app));
    let ask = |path: &str| {
        let request = TestRequest::with_uri(path).insert_header(("origin", APP)).to_request();
        allocations(|| system.block_on(app.call(request)).unwrap())
    };
    ask("/plain");
    ask("/plain");
    assert_eq!(ask("/data"), ask("/data"));
}

/// How many allocations an answer cost.
fn allocations<T>(answer: impl FnOnce() -> T) -> u64 {
    measure(|| drop(black_box(answer()))).count_total
}
