//! Pain 2: headers vanish on errors, and the front end sees "CORS error" in place of the 401,
//! 422 or 500 that it could handle.

use std::time::Duration;

use axum::Router;
use axum::extract::{Json, Path};
use axum::http::StatusCode;
use axum::middleware::from_fn;
use cors_axum::{CorsLayer, Routes, cors, methods, routes};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use super::{ask, authenticate};
use crate::talk::{APP, Answer, Ask, EVIL};

#[cors(origins = ["https://app.example.com"], credentials, headers = ["content-type"])]
#[put("/users/{id}")]
async fn update(Path(id): Path<u32>, Json(name): Json<String>) -> String {
    format!("{id}: {name}")
}

#[cors(origins = ["https://app.example.com"], credentials)]
#[get("/failing")]
async fn fail() -> Result<(), (StatusCode, &'static str)> {
    Err((StatusCode::INTERNAL_SERVER_ERROR, "the database is down"))
}

#[cors(origins = ["https://app.example.com"], credentials)]
#[get("/panicking")]
async fn panic() -> &'static str {
    panic!("a bug")
}

#[cors(origins = ["https://app.example.com"], credentials)]
#[get("/slow")]
async fn slow() -> &'static str {
    std::future::pending().await
}

/// The allowed page reads the error, with cookies; another page reads nothing.
async fn both(app: &Router, status: u16, request: impl Fn(&str) -> Ask) {
    let app_reads = ask(app, request(APP)).await;
    app_reads.reads(APP, status);
    assert_eq!(app_reads.lines("access-control-allow-credentials"), ["true"]);
    ask(app, request(EVIL)).await.hides(status);
}

async fn get(app: &Router, path: &str) -> Answer {
    ask(app, Ask::from(APP, "GET", path)).await
}

#[tokio::test]
async fn pain_02_headers_on_extractor_rejections_axum() {
    let app = Router::new().merge(routes![update]);
    both(&app, 400, |page| Ask::from(page, "PUT", "/users/x").json("\"Ada\"")).await;
    both(&app, 400, |page| Ask::from(page, "PUT", "/users/1").json("\"Ada")).await;
    both(&app, 422, |page| Ask::from(page, "PUT", "/users/1").json("7")).await;
    both(&app, 415, |page| Ask::from(page, "PUT", "/users/1")).await;
}

#[tokio::test]
async fn pain_02_headers_on_errors_of_handlers_axum() {
    let app = Router::new().merge(routes![fail]);
    both(&app, 500, |page| Ask::from(page, "GET", "/failing")).await;
    assert_eq!(get(&app, "/failing").await.body, "the database is down");
}

#[tokio::test]
async fn pain_02_headers_on_405_axum() {
    let app = Router::new().merge(routes![fail]);
    both(&app, 405, |page| Ask::from(page, "POST", "/failing")).await;
}

#[tokio::test]
async fn pain_02_headers_on_errors_of_a_layer_axum() {
    let app = Router::new().merge(routes![fail].layer(from_fn(authenticate)));
    both(&app, 401, |page| Ask::from(page, "GET", "/failing")).await;
}

#[tokio::test]
async fn pain_02_headers_on_panics_axum() {
    let on_the_list = Router::new().merge(routes![panic].layer(CatchPanicLayer::new()));
    both(&on_the_list, 500, |page| Ask::from(page, "GET", "/panicking")).await;

    // Where it belongs in most apps: around everything.
    let around_everything = routes![panic].into_app(|router| router.layer(CatchPanicLayer::new()));
    both(&around_everything, 500, |page| Ask::from(page, "GET", "/panicking")).await;
}

#[tokio::test]
async fn pain_02_headers_on_timeouts_axum() {
    let limit = Duration::from_millis(20);
    let limit = TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, limit);
    let on_the_list = Router::new().merge(routes![slow].layer(limit));
    both(&on_the_list, 408, |page| Ask::from(page, "GET", "/slow")).await;

    let around_everything = routes![slow].into_app(|router| router.layer(limit));
    both(&around_everything, 408, |page| Ask::from(page, "GET", "/slow")).await;
}

#[tokio::test]
async fn pain_02_headers_on_bodies_that_are_too_large_axum() {
    let long = format!("\"{}\"", "a".repeat(100));
    let request = |page: &str| {
        // The limit trusts what a browser always sends.
        let length = long.len().to_string();
        Ask::from(page, "PUT", "/users/1").json(&long).with("content-length", &length)
    };
    let app = Router::new().merge(routes![update].layer(RequestBodyLimitLayer::new(10)));
    both(&app, 413, request).await;

    // axum's own, which is an extractor's rejection.
    let limit = axum::extract::DefaultBodyLimit::max(10);
    let app = Router::new().merge(routes![update]).layer(limit);
    both(&app, 413, request).await;
}

#[tokio::test]
async fn pain_02_headers_on_errors_of_a_router_layer_axum() {
    let list = || routes![fail, update].nest("/api");
    let built = list().into_app(|router| router.layer(from_fn(authenticate)));
    // A layer that was put up by hand, as on routers of other people.
    let routes: Routes = list();
    let cors = CorsLayer::for_routes(&routes.table());
    let by_hand = Router::new().merge(routes).layer(from_fn(authenticate)).layer(cors);
    for app in [built, by_hand] {
        both(&app, 401, |page| Ask::from(page, "GET", "/api/failing")).await;
        both(&app, 401, |page| Ask::from(page, "PUT", "/api/users/1")).await;
    }
}

#[tokio::test]
async fn pain_02_headers_on_methods_that_no_handler_serves_axum() {
    // A form can send a `POST` to any path, and its page should see that it went wrong.
    let signed_in =
        |page: &str| Ask::from(page, "POST", "/failing").with("authorization", "Bearer x");
    let app = routes![fail].into_app(|router| router.layer(from_fn(authenticate)));
    both(&app, 405, signed_in).await;
    // Whether a handler without a policy would have run, who stops in front of it cannot know.
    ask(&app, Ask::from(APP, "POST", "/failing")).await.hides(401);
}

#[cors(origins = ["https://app.example.com"], credentials)]
#[get]
async fn list_items() {}

/// A3: an own handler for methods that no handler serves. (axum#2251, #2903)
#[tokio::test]
async fn a3_headers_on_own_405_axum() {
    let refuse = || async { (StatusCode::METHOD_NOT_ALLOWED, "try another") };
    let whole = routes![fail].into_app(|router| router.method_not_allowed_fallback(refuse));
    let built: Router = Routes::new()
        .route("/failing", methods![list_items].fallback(refuse))
        .into_app(|router| router);
    let merged = Routes::new().route("/failing", methods![list_items].fallback(refuse));
    let merged = Router::new().merge(merged);
    let by_hand = Router::new().route("/failing", methods![list_items].fallback(refuse).into());
    for app in [whole, built, merged, by_hand] {
        both(&app, 405, |page| Ask::from(page, "POST", "/failing")).await;
        let own = ask(&app, Ask::from(APP, "POST", "/failing")).await;
        assert_eq!((own.body.as_str(), own.vary()), ("try another", vec!["origin".to_owned()]));
        let stranger = ask(&app, Ask::from(EVIL, "POST", "/failing")).await;
        assert_eq!(stranger.vary(), ["origin"]);
    }
}

/// A3: a 404 of the app's own on a path that has a policy.
#[tokio::test]
async fn a3_headers_on_own_404_axum() {
    let app =
        routes![update].into_app(|router| router.fallback(|| async { StatusCode::NOT_FOUND }));
    ask(&app, Ask::from(APP, "GET", "/elsewhere")).await.hides(404);
    both(&app, 405, |page| Ask::from(page, "GET", "/users/1")).await;
}
