//! What is counted of decisions, on both frameworks, as an exporter would read it.

use std::collections::BTreeMap;

use metrics_util::debugging::{DebugValue, DebuggingRecorder};

const APP: &str = "https://app.example.com";
const EVIL: &str = "https://evil.example.net";

/// Method, origin, and the requested method of a preflight.
type Asked = (&'static str, Option<&'static str>, Option<&'static str>);

const ASKED: [Asked; 8] = [
    ("OPTIONS", Some(APP), Some("PUT")),
    ("OPTIONS", Some(EVIL), Some("PUT")),
    ("OPTIONS", Some(EVIL), Some("PUT")),
    ("PUT", Some(APP), None),
    ("PUT", Some(EVIL), None),
    // From no page: nothing to count.
    ("PUT", None, None),
    ("GET", Some(APP), None),
    ("GET", Some(EVIL), None),
];

/// The counters by their names and labels.
fn counted(ask: impl FnOnce()) -> BTreeMap<String, u64> {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    metrics::with_local_recorder(&recorder, ask);
    let counters = snapshotter.snapshot().into_vec().into_iter().map(|(key, _, _, value)| {
        let (_, key) = key.into_parts();
        let labels = key.labels().map(|label| format!("{}={}", label.key(), label.value()));
        let count = match value {
            DebugValue::Counter(count) => count,
            DebugValue::Gauge(_) | DebugValue::Histogram(_) => 0,
        };
        (format!("{} {}", key.name(), labels.collect::<Vec<_>>().join(" ")), count)
    });
    counters.collect()
}

/// What both frameworks must have counted, for the handlers of this module.
fn expected(module: &str) -> BTreeMap<String, u64> {
    let handler = format!("handler=metrics::{module}::update");
    let requests = [
        (format!("outcome=allowed reason= {handler}"), 2),
        (format!("outcome=rejected reason=origin-not-allowed {handler}"), 2),
        (format!("outcome=rejected reason=response-withheld {handler}"), 1),
        ("outcome=allowed reason= handler=layer".to_owned(), 1),
        ("outcome=rejected reason=response-withheld handler=layer".to_owned(), 1),
    ];
    // What the candidates would do otherwise.
    let differences = [
        (format!("difference=would_allow reason=origin-not-allowed {handler}"), 2),
        (format!("difference=would_allow reason=response-withheld {handler}"), 1),
        ("difference=would_reject reason=response-withheld handler=layer".to_owned(), 1),
        ("difference=would_allow reason=response-withheld handler=layer".to_owned(), 1),
    ];
    let requests = requests.map(|(labels, count)| (format!("cors_requests_total {labels}"), count));
    let differences =
        differences.map(|(labels, count)| (format!("cors_candidate_total {labels}"), count));
    requests.into_iter().chain(differences).collect()
}

mod on_axum {
    use axum::Router;
    use axum::body::Body;
    use axum::routing::get;
    use cors_axum::{PolicyRef, cors, policy, routes};
    use http::Request;
    use tower::ServiceExt;

    policy! {
        static FRONT_END = { origins = ["https://app.example.com"] }
        static EVERYBODY = { origins = "*" }
        static ANOTHER = { origins = ["https://evil.example.net"] }
    }

    #[cors(origins = ["https://app.example.com"], candidate = EVERYBODY)]
    #[put("/data")]
    async fn update() {}

    #[test]
    fn decisions_are_counted_axum() {
        let app: Router = routes![update]
            .default_policy(PolicyRef::from(&FRONT_END).with_candidate(&ANOTHER))
            .into_app(|router| router.route("/plain", get(async || ())));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let counted = super::counted(|| {
            for (method, origin, asked) in super::ASKED {
                let path = if method == "GET" { "/plain" } else { "/data" };
                let mut request = Request::builder().method(method).uri(path);
                for (name, value) in [("origin", origin), ("access-control-request-method", asked)]
                {
                    if let Some(value) = value {
                        request = request.header(name, value);
                    }
                }
                let request = request.body(Body::empty()).unwrap();
                runtime.block_on(app.clone().oneshot(request)).unwrap();
            }
        });
        assert_eq!(counted, super::expected("on_axum"));
    }
}

mod on_actix {
    use actix_web::dev::Service;
    use actix_web::http::Method;
    use actix_web::test::{TestRequest, init_service};
    use actix_web::{App, Responder, put, web};
    use cors_actix::{PolicyRef, cors, policy, routes};

    policy! {
        static FRONT_END = { origins = ["https://app.example.com"] }
        static EVERYBODY = { origins = "*" }
        static ANOTHER = { origins = ["https://evil.example.net"] }
    }

    #[cors(origins = ["https://app.example.com"], candidate = EVERYBODY)]
    #[put("/data")]
    async fn update() -> impl Responder {
        ""
    }

    #[test]
    fn decisions_are_counted_actix() {
        let system = actix_web::rt::System::new();
        let app = routes![update]
            .default_policy(PolicyRef::from(&FRONT_END).with_candidate(&ANOTHER))
            .into_app(App::new(), |app| app.route("/plain", web::get().to(|| async { "" })));
        let app = system.block_on(init_service(app));
        let counted = super::counted(|| {
            for (method, origin, asked) in super::ASKED {
                let path = if method == "GET" { "/plain" } else { "/data" };
                let method = Method::from_bytes(method.as_bytes()).unwrap();
                let mut request = TestRequest::with_uri(path).method(method);
                for (name, value) in [("origin", origin), ("access-control-request-method", asked)]
                {
                    if let Some(value) = value {
                        request = request.insert_header((name, value));
                    }
                }
                system.block_on(app.call(request.to_request())).unwrap();
            }
        });
        assert_eq!(counted, super::expected("on_actix"));
    }
}
