//! Pains 3, 4, 10, 16, 17 and 19: whether a preflight arrives, and what it is answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use cors_axum::{CorsLayer, Routes, cors, methods, routes};
use tower::Layer;
use tower_http::normalize_path::NormalizePathLayer;

use super::{ask, authenticate, limit_rate, redirect};
use crate::talk::{APP, Ask, EVIL};

#[cors(origins = ["https://app.example.com"], credentials, headers = ["content-type", "x-api-key"])]
#[put("/users/{id}")]
async fn update(Path(id): Path<u32>) -> String {
    id.to_string()
}

#[cors(origins = ["https://app.example.com"])]
#[delete]
async fn remove() {}

#[cors(origins = ["https://app.example.com"])]
#[get("/files/{*path}")]
async fn file(Path(path): Path<String>) -> String {
    path
}

#[cors(origins = ["https://app.example.com"])]
#[put("/named")]
async fn named(State(name): State<&'static str>) -> &'static str {
    name
}

#[cors(origins = ["https://app.example.com"])]
#[options("/users/{id}")]
async fn describe() -> &'static str {
    "what this resource can do"
}

#[tokio::test]
async fn pain_03_preflights_reach_every_route_axum() {
    let nested = Router::new().merge(routes![update]);
    let app: Router = Router::new()
        .route("/items", methods![remove].into())
        .merge(routes![file])
        .nest("/api/v1", nested)
        .merge(routes![update].nest("/flat"))
        .merge(Router::new().merge(routes![named]).with_state("Ada"))
        .fallback(async || "the single page app");
    for (method, path) in [
        ("DELETE", "/items"),
        ("GET", "/files/a/b/c.txt"),
        ("PUT", "/api/v1/users/1"),
        ("PUT", "/flat/users/1"),
        ("PUT", "/named"),
    ] {
        ask(&app, Ask::before(APP, method, path)).await.allows(APP, method);
        ask(&app, Ask::before(EVIL, method, path)).await.rejects();
    }
    // A path that is not registered is the fallback's, and has no policy.
    ask(&app, Ask::before(APP, "GET", "/elsewhere")).await.hides(200);
    ask(&app, Ask::from(APP, "GET", "/files/a/b")).await.reads(APP, 200);
    assert_eq!(ask(&app, Ask::from(APP, "PUT", "/named")).await.body, "Ada");
}

#[tokio::test]
async fn pain_04_authentication_never_meets_preflights_axum() {
    let on_the_list = Router::new().merge(routes![update].layer(from_fn(authenticate)));
    let built = || routes![update].into_app(|router| router.layer(from_fn(authenticate)));
    let by_hand = Router::new().merge(routes![update]).layer(from_fn(authenticate));
    let by_hand = by_hand.layer(CorsLayer::for_routes(&(routes![update] as Routes).table()));
    // Inside of a nested router, paths are those that it sees itself.
    let nested = Router::new().nest("/api", built());
    let nested_service = Router::new().nest_service("/api", built());
    for (app, path) in [
        (on_the_list, "/users/1"),
        (built(), "/users/1"),
        (by_hand, "/users/1"),
        (nested, "/api/users/1"),
        (nested_service, "/api/users/1"),
    ] {
        ask(&app, Ask::before(APP, "PUT", path)).await.allows(APP, "PUT");
        ask(&app, Ask::before(EVIL, "PUT", path)).await.rejects();
        ask(&app, Ask::from(APP, "PUT", path)).await.reads(APP, 401);
        let signed_in = Ask::from(APP, "PUT", path).with("authorization", "Bearer x");
        ask(&app, signed_in).await.reads(APP, 200);
    }
}

#[tokio::test]
async fn pain_04_rate_limits_do_not_count_preflights_axum() {
    async fn count(
        State(count): State<Arc<AtomicUsize>>,
        request: Request,
        next: Next,
    ) -> Response {
        count.fetch_add(1, Ordering::Relaxed);
        next.run(request).await
    }
    let calls = Arc::new(AtomicUsize::new(0));
    let count = from_fn_with_state(Arc::clone(&calls), count);
    let app = Router::new().merge(routes![update].layer(from_fn(limit_rate)).layer(count));
    for _ in 0..5 {
        ask(&app, Ask::before(APP, "PUT", "/users/1")).await.allows(APP, "PUT");
    }
    assert_eq!(calls.load(Ordering::Relaxed), 0);
    ask(&app, Ask::from(APP, "PUT", "/users/1")).await.reads(APP, 429);
    assert_eq!(calls.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn pain_10_only_preflights_are_taken_for_preflights_axum() {
    let app = Router::new().merge(routes![update, describe]);
    // `OPTIONS` of a page and of a program, but no preflight: there is nothing it asks for.
    let own = ask(&app, Ask::from(APP, "OPTIONS", "/users/1")).await;
    assert_eq!(own.reads(APP, 200).body, "what this resource can do");
    let own = ask(&app, Ask::new("OPTIONS", "/users/1")).await;
    assert_eq!(own.body, "what this resource can do");
    // No page asks.
    let own = Ask::new("OPTIONS", "/users/1").with("access-control-request-method", "PUT");
    assert_eq!(ask(&app, own).await.body, "what this resource can do");
    ask(&app, Ask::before(APP, "PUT", "/users/1")).await.allows(APP, "PUT");

    // Without a handler of one's own, it says which methods there are.
    let app = Router::new().merge(routes![file]);
    let allow = ask(&app, Ask::from(APP, "OPTIONS", "/files/a")).await;
    assert_eq!(allow.reads(APP, 204).lines("allow"), ["OPTIONS,GET,HEAD"]);
}

#[tokio::test]
async fn pain_16_lists_of_header_names_axum() {
    let app = Router::new().merge(routes![update]);
    let request = |lines: &[&str]| {
        let preflight = Ask::before(APP, "PUT", "/users/1");
        lines.iter().fold(preflight, |it, line| it.with("access-control-request-headers", line))
    };
    // Split by a gateway, with white space and gaps, unsorted, in any case.
    for lines in [
        &["content-type,x-api-key"][..],
        &["x-api-key", "content-type"],
        &["X-Api-Key , \tContent-Type"],
        &["", ",content-type,,"],
    ] {
        ask(&app, request(lines)).await.allows(APP, "PUT");
    }
    // A flood costs no time, and no memory beyond its own.
    let commas = ",".repeat(1 << 20);
    let names = "content-type,".repeat(80_000);
    let started = Instant::now();
    for flood in [&commas, &names] {
        ask(&app, request(&[flood])).await.rejects();
    }
    ask(&app, request(&vec![","; 10_000])).await.rejects();
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}

#[tokio::test]
async fn pain_17_preflights_are_checked_axum() {
    let app = Router::new().merge(routes![update]);
    for method in ["GET, DELETE", "DELETE", "put", "PUT ", "*", "PUT\t,PUT"] {
        ask(&app, Ask::before(APP, method, "/users/1")).await.rejects();
        ask(&app, Ask::before(EVIL, method, "/users/1")).await.rejects();
    }
    for method in ["GET", "HEAD", "POST"] {
        ask(&app, Ask::before(APP, method, "/users/1")).await.rejects();
    }
    // Where a program explains, nothing is said of these: browsers send them whatever is said.
    let explained: Router = routes![update].explain(true).into_app(|router| router);
    for method in ["GET", "HEAD", "POST"] {
        ask(&explained, Ask::before(APP, method, "/users/1")).await.hides(403);
    }
    for (headers, others) in [("x-secret", &[][..]), ("content-type, x-secret", &["content-type"])]
    {
        let asked = Ask::before(APP, "PUT", "/users/1");
        let asked = asked.with("access-control-request-headers", headers);
        ask(&explained, asked).await.explains_header(APP, others, "`x-secret`");
    }
    for headers in ["x-secret", "content-type, x-secret", "content-type x-api-key", "*", "a;b"] {
        let with = |preflight: Ask| preflight.with("access-control-request-headers", headers);
        ask(&app, with(Ask::before(APP, "PUT", "/users/1"))).await.rejects();
        ask(&app, with(Ask::before(EVIL, "PUT", "/users/1"))).await.rejects();
    }
    // What is allowed is what was asked for, no more.
    let preflight = Ask::before(APP, "PUT", "/users/1");
    let allowed = ask(&app, preflight.with("access-control-request-headers", "x-api-key")).await;
    allowed.allows(APP, "PUT");
    assert_eq!(allowed.lines("access-control-allow-headers"), ["x-api-key"]);
    // Two origins or two methods match no policy.
    let twice = Ask::before(APP, "PUT", "/users/1").with("origin", EVIL);
    ask(&app, twice).await.rejects();
    let twice = Ask::before(APP, "PUT", "/users/1").with("access-control-request-method", "GET");
    ask(&app, twice).await.rejects();
}

#[tokio::test]
async fn pain_19_preflights_are_not_redirected_axum() {
    // Browsers follow no redirect of a preflight, and need headers on one of a request.
    let on_the_list = Router::new().merge(routes![update].layer(from_fn(redirect)));
    let built = routes![update].into_app(|router| router.layer(from_fn(redirect)));
    for app in [on_the_list, built] {
        ask(&app, Ask::before(APP, "PUT", "/users/1")).await.allows(APP, "PUT");
        ask(&app, Ask::from(APP, "PUT", "/users/1")).await.reads(APP, 308);
        ask(&app, Ask::from(EVIL, "PUT", "/users/1")).await.hides(308);
    }
}

#[tokio::test]
async fn pain_19_trailing_slashes_axum() {
    let app = NormalizePathLayer::trim_trailing_slash().layer(Router::new().merge(routes![update]));
    for path in ["/users/1", "/users/1/"] {
        ask(&app, Ask::before(APP, "PUT", path)).await.allows(APP, "PUT");
        ask(&app, Ask::from(APP, "PUT", path)).await.reads(APP, 200);
    }
}
