//! Apps by which a policy could be lost.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, put};
use cors_axum::{CorsLayer, Routes, cors, methods, policy, routes};
use tower::ServiceExt;

policy! {
    static PUBLIC = { origins = "*" }
    static PARTNER = { origins = ["https://partner.example.net"], credentials }
    static APP = { origins = ["https://app.example.com"], credentials, enforce }
}

const PARTNER_ORIGIN: &str = "https://partner.example.net";

async fn ask(
    app: &Router,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> (StatusCode, HeaderMap) {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    (response.status(), response.headers().clone())
}

async fn readable(app: &Router, origin: &str, method: &str, path: &str) -> bool {
    let (_, headers) = ask(app, method, path, &[("origin", origin)]).await;
    headers.contains_key("access-control-allow-origin")
}

async fn secret() -> &'static str {
    "secret"
}

/// `any` in a list leaves no method over: a plain handler beside it panics at start-up.
#[test]
#[should_panic(expected = "Overlapping method route")]
fn plain_handler_beside_any() {
    let list: Routes = Routes::new().any("/x", || async { "public" }, &PUBLIC);
    let _: Router = list.into_app(|router| router.route("/x", put(secret)));
}

/// A layer of the list is around what answers the other methods, too.
#[tokio::test]
async fn layers_of_a_list_are_around_its_fallbacks() {
    #[cors(origins = ["https://app.example.com"])]
    #[get]
    async fn list() {}

    async fn deny(_: Request, _: Next) -> Response {
        StatusCode::UNAUTHORIZED.into_response()
    }
    let list = Routes::new().route("/x", methods![list].fallback(secret)).layer(from_fn(deny));
    let app: Router = list.into_app(|it| it);
    assert_eq!(ask(&app, "GET", "/x", &[]).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(ask(&app, "PUT", "/x", &[]).await.0, StatusCode::UNAUTHORIZED);
}

/// Neither of two fallbacks for one path is dropped without a word.
#[test]
#[should_panic(expected = "two fallbacks for /x")]
fn two_fallbacks_for_one_path() {
    #[cors(policy = PUBLIC)]
    #[get]
    async fn one() {}

    #[cors(policy = PUBLIC)]
    #[put]
    async fn other() {}

    let list = Routes::<()>::new().route("/x", methods![one].fallback(secret));
    drop(list.route("/x", methods![other].fallback(secret)));
}

/// A handler that calls another app with its own request, and passes the response on.
#[tokio::test]
async fn in_process() {
    #[cors(policy = PUBLIC)]
    #[get("/inner")]
    async fn inner() -> &'static str {
        "inner"
    }

    fn inner_app() -> Router {
        routes![inner].into_app(|it| it.route("/plain", get(secret)))
    }

    #[cors(policy = APP)]
    #[get("/outer")]
    async fn outer(request: Request) -> Response {
        let (mut parts, body) = request.into_parts();
        parts.uri = "/inner".parse().unwrap();
        inner_app().oneshot(Request::from_parts(parts, body)).await.unwrap()
    }
    let app: Router = routes![outer].into_app(|it| it);
    let evil = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
    assert_eq!(ask(&app, "GET", "/outer", &evil).await.0, StatusCode::FORBIDDEN);
    let (_, headers) = ask(&app, "GET", "/outer", &[("origin", "https://app.example.com")]).await;
    assert_eq!(headers["access-control-allow-origin"], "https://app.example.com");
}

/// An app that is nested twice, whose layer spawns a task, below a layer that any origin passes.
#[tokio::test]
async fn nested() {
    #[cors(policy = PARTNER)]
    #[put("/files/{name}")]
    async fn put_file() {}
    async fn spawned(request: Request, next: Next) -> Response {
        tokio::spawn(next.run(request)).await.unwrap()
    }
    for service in [false, true] {
        let inner: Router = routes![put_file].into_app(|it| {
            it.route("/files/admin", put(secret)).route("/any", any(secret)).layer(from_fn(spawned))
        });
        let app = Router::new();
        let app = if service { app.nest_service("/api", inner) } else { app.nest("/api", inner) };
        let app = Router::new().nest("/v1", app).layer(CorsLayer::new(&PUBLIC));
        assert!(!readable(&app, "https://evil.example", "PUT", "/v1/api/files/a").await);
        assert!(readable(&app, PARTNER_ORIGIN, "PUT", "/v1/api/files/a").await);
        let origin = [("origin", PARTNER_ORIGIN)];
        let (status, headers) = ask(&app, "PUT", "/v1/api/files/admin", &origin).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers["access-control-allow-origin"], "*");
    }
}

/// Handlers that are of one type once they are listed, with the same code and the same memory, which is
/// none: what tells them apart is what the attribute records.
#[tokio::test]
async fn handlers_with_equal_code_keep_their_policies() {
    #[cors(policy = PUBLIC)]
    #[get("/open")]
    async fn open() -> &'static str {
        "same"
    }
    #[cors(policy = APP)]
    #[get("/strict")]
    async fn strict() -> &'static str {
        "same"
    }
    let apps: [Router; 3] = [
        routes![open, strict].into_router(),
        routes![strict, open].with_state(0_u8).into_app(|router| router),
        routes![open].merge(routes![strict].nest("/inner")).merge(routes![strict]).into_router(),
    ];
    for app in &apps {
        assert!(readable(app, PARTNER_ORIGIN, "GET", "/open").await);
        assert!(readable(app, "https://app.example.com", "GET", "/strict").await);
        let (status, _) = ask(app, "GET", "/strict", &[("origin", PARTNER_ORIGIN)]).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
    }
    let inner = ask(&apps[2], "GET", "/inner/strict", &[("origin", PARTNER_ORIGIN)]).await;
    assert_eq!(inner.0, StatusCode::FORBIDDEN);
}
