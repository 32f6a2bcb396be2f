//! What deciding and starting cost the allocator: nothing, and one box for a reply.
//!
//! Counted is what the core does by itself, between a request head that is there and a list of
//! header lines with room in it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::hint::black_box;

use allocation_counter::measure;
use cors_core::adapter::{
    Endpoint, EndpointId, Methods, PathRoutes, ResponseHead, ResponseHeader, ResponseHeaders,
    Route, Step,
};
use cors_core::{Policy, PolicyRef};
use http::{HeaderValue, Request};

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

/// Compiles only if a policy is a constant.
static AT_COMPILE_TIME: [&Policy; 4] = [&PUBLIC, &FRONT_ENDS, &WILDCARDS, &ENFORCED];

/// A route with a policy, which serves two methods.
fn routes(policy: &'static Policy) -> PathRoutes {
    PathRoutes::new(vec![Route::new(
        "/data",
        Methods::of(&["GET", "PUT"]),
        EndpointId::unique(),
        Endpoint::new("data", "here", PolicyRef::from_static(policy)),
    )])
}

/// A request, and copies of its header values: what came over the wire is shared already, and a
/// copy is what makes it so.
struct Head {
    request: Request<()>,
    _shared: Vec<HeaderValue>,
}

impl Head {
    fn new(method: &str, lines: &[(&str, &str)]) -> Self {
        let mut request = Request::builder().method(method).uri("/data");
        for (name, text) in lines {
            request = request.header(*name, HeaderValue::from_bytes(text.as_bytes()).unwrap());
        }
        let request = request.body(()).unwrap();
        let shared = request.headers().values().cloned().collect();
        Self { request, _shared: shared }
    }

    fn get(origin: &str) -> Self {
        Self::new("GET", &[("origin", origin)])
    }

    fn preflight(origin: &str, method: &str, headers: &str) -> Self {
        Self::new(
            "OPTIONS",
            &[
                ("origin", origin),
                ("access-control-request-method", method),
                ("access-control-request-headers", headers),
                ("access-control-request-private-network", "true"),
            ],
        )
    }
}

/// A response that has room.
struct Response {
    status: u16,
    headers: Vec<(ResponseHeader, HeaderValue)>,
}

impl ResponseHeaders for Response {
    type Value = HeaderValue;

    fn each(&self, mut visit: impl FnMut(ResponseHeader, &HeaderValue)) {
        for (name, value) in &self.headers {
            visit(*name, value);
        }
    }

    fn append(&mut self, name: ResponseHeader, value: HeaderValue) {
        self.headers.push((name, value));
    }

    fn remove(&mut self, name: ResponseHeader) {
        self.headers.retain(|(it, _)| *it != name);
    }
}

impl ResponseHead for Response {
    fn status(&self) -> u16 {
        self.status
    }

    fn set_status(&mut self, status: u16) {
        self.status = status;
    }

    fn is_marked(&self) -> bool {
        false
    }

    fn set_mark(&mut self, _: bool) {}
}

/// What a decision was, in one word.
#[derive(Debug, PartialEq)]
enum Kind {
    Granted,
    Rejected,
    Allowed,
    NotAllowed,
}

/// Decides and writes, and fails if that asked for memory.
#[track_caller]
fn case(policy: &'static Policy, head: &Head, expected: &Kind) {
    let routes = routes(policy);
    let mut response = Response { status: 200, headers: Vec::with_capacity(16) };
    // What a handler set, for the policy to merge and to replace.
    response.append(ResponseHeader::Vary, HeaderValue::from_static("accept-encoding"));
    response.append(ResponseHeader::AccessControlAllowOrigin, HeaderValue::from_static("null"));
    let cost = measure(|| {
        let (routes, request) = (black_box(&routes), black_box(&head.request));
        if let Some(reply) = routes.on_preflight(request, false) {
            response.headers.clear();
            let _ = black_box(reply.write(&mut response));
            return;
        }
        let route = &routes.routes()[0];
        match route.endpoint.on_request(route.id, request, false) {
            Step::Respond(reply) => {
                response.headers.clear();
                let _ = black_box(reply.write(&mut response));
            }
            Step::Forward(mut pending) => pending.on_response(&mut response),
            Step::PassThrough => {}
        }
    });
    let allows = |(name, _): &(ResponseHeader, HeaderValue)| {
        *name == ResponseHeader::AccessControlAllowOrigin
    };
    let kind = match (response.status, response.headers.iter().any(allows)) {
        (204, _) => Kind::Granted,
        (403, _) => Kind::Rejected,
        (_, true) => Kind::Allowed,
        (_, false) => Kind::NotAllowed,
    };
    assert_eq!(kind, *expected);
    // A reply is boxed, for what a request moves on its way to a handler costs every request.
    let replies = u64::from(matches!(kind, Kind::Granted | Kind::Rejected));
    assert_eq!(cost.count_total, replies, "{expected:?} cost {} bytes", cost.bytes_total);
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
    case(&ENFORCED, &Head::get(EVIL), &Kind::Rejected);
}

#[test]
fn preflights() {
    case(&PUBLIC, &Head::preflight(EVIL, "PUT", "x-trace"), &Kind::Granted);
    case(&FRONT_ENDS, &Head::preflight(APP, "PUT", "content-type,x-csrf"), &Kind::Granted);
    case(&WILDCARDS, &Head::preflight("https://a.example.org", "PUT", "x-any"), &Kind::Granted);
    let rejected = [
        Head::preflight(EVIL, "PUT", ""),
        Head::preflight(APP, "DELETE", ""),
        Head::preflight(APP, "put", ""),
        Head::preflight(APP, "PUT", "x-other"),
    ];
    for head in rejected {
        case(&FRONT_ENDS, &head, &Kind::Rejected);
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
            case(policy, &Head::preflight(APP, "PUT", list), &Kind::Rejected);
        }
        let head = Head::preflight("https://a.example.org", "PUT", list);
        case(&WILDCARDS, &head, &Kind::Rejected);
    }
    let origins = [
        format!("https://{}.example.org", "a".repeat(8192)),
        format!("https://{}example.org", "a.".repeat(4096)),
        "https://\u{e4}.example.org".to_owned(),
        format!("{APP}{}", "0".repeat(8192)),
    ];
    for origin in &origins {
        for policy in AT_COMPILE_TIME.into_iter().filter(|policy| !policy.is_public()) {
            case(policy, &Head::preflight(origin, "PUT", ""), &Kind::Rejected);
        }
        case(&FRONT_ENDS, &Head::get(origin), &Kind::NotAllowed);
        case(&WILDCARDS, &Head::get(origin), &Kind::NotAllowed);
        case(&ENFORCED, &Head::get(origin), &Kind::Rejected);
    }
    let method = "P".repeat(8192);
    case(&FRONT_ENDS, &Head::preflight(APP, &method, ""), &Kind::Rejected);
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
