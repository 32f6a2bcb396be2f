//! Pains 1, 8, 18 and 22: which headers stand on a response, and how often.

use axum::Router;
use axum::http::header::VARY;
use axum::middleware::from_fn;
use axum::response::AppendHeaders;
use axum::routing::get;
use cors_axum::{CorsLayer, cors, policy, routes};

use super::{ask, authenticate};
use crate::talk::{APP, Ask, EVIL};

policy! {
    static FRONT_END = {
        origins = ["https://app.example.com"],
        credentials,
        expose_headers = ["x-total"],
    }
}

#[cors(origins = "*", expose_headers = ["x-total"])]
#[get("/public")]
async fn public() {}

#[cors(policy = FRONT_END)]
#[get("/me")]
async fn me() {}

#[cors(policy = FRONT_END)]
#[get("/compressed")]
async fn compressed() -> AppendHeaders<[(axum::http::HeaderName, &'static str); 2]> {
    AppendHeaders([(VARY, "Accept-Encoding"), (VARY, "Cookie, ORIGIN")])
}

#[cors(policy = FRONT_END)]
#[get("/anything")]
async fn anything() -> [(&'static str, &'static str); 1] {
    [("vary", "*")]
}

/// Adds headers of its own, like a proxy or a forgotten helper.
#[cors(policy = FRONT_END)]
#[get("/proxied")]
async fn proxied() -> AppendHeaders<[(&'static str, &'static str); 4]> {
    AppendHeaders([
        ("access-control-allow-origin", "*"),
        ("access-control-allow-origin", "https://evil.example.net"),
        ("access-control-allow-credentials", "true"),
        ("access-control-expose-headers", "x-secret"),
    ])
}

fn app() -> Router {
    Router::new().merge(routes![public, me, compressed, anything, proxied])
}

#[tokio::test]
async fn pain_01_any_origin_is_a_star_axum() {
    for page in [APP, EVIL, "null"] {
        let answer = ask(&app(), Ask::from(page, "GET", "/public")).await;
        answer.reads("*", 200);
        assert!(answer.lines("access-control-allow-credentials").is_empty(), "{answer:?}");
    }
}

#[tokio::test]
async fn pain_08_vary_axum() {
    // On every response that depends on the origin: also where none was sent, or is not allowed.
    for ask_me in
        [Ask::from(APP, "GET", "/me"), Ask::from(EVIL, "GET", "/me"), Ask::new("GET", "/me")]
    {
        assert_eq!(ask(&app(), ask_me).await.vary(), ["origin"]);
    }
    let preflight = ["access-control-request-headers", "access-control-request-method", "origin"];
    for page in [APP, EVIL] {
        assert_eq!(ask(&app(), Ask::before(page, "GET", "/me")).await.vary(), preflight);
    }
    // On errors, and on what layers answer.
    assert_eq!(ask(&app(), Ask::new("POST", "/me")).await.vary(), ["origin"]);
    let private = Router::new().merge(routes![me].layer(from_fn(authenticate)));
    assert_eq!(ask(&private, Ask::new("GET", "/me")).await.vary(), ["origin"]);
    // Merged with what the handler says, not repeated, not lost.
    let merged = ask(&app(), Ask::from(APP, "GET", "/compressed")).await;
    assert_eq!(merged.vary(), ["accept-encoding", "cookie", "origin"]);
    assert_eq!(ask(&app(), Ask::from(APP, "GET", "/anything")).await.vary(), ["*"]);
    // Two policies around each other vary once.
    let twice = app().layer(CorsLayer::new(&FRONT_END)).layer(CorsLayer::new(&FRONT_END));
    assert_eq!(ask(&twice, Ask::from(APP, "GET", "/me")).await.vary(), ["origin"]);
    // A public response varies by nothing, so that caches may share it.
    let shared = ask(&app(), Ask::from(APP, "GET", "/public")).await;
    assert!(shared.vary().is_empty(), "{shared:?}");
    // What the request says of `Vary` is never repeated (hono, GHSA-q7jf-gf43-6x6p).
    let injected = Ask::before(APP, "GET", "/me").with("vary", "x-injected");
    assert_eq!(ask(&app(), injected).await.vary(), preflight);
}

#[tokio::test]
async fn pain_18_headers_are_set_not_added_axum() {
    let own = ask(&app(), Ask::from(APP, "GET", "/proxied")).await;
    own.reads(APP, 200);
    assert_eq!(own.lines("access-control-expose-headers"), ["x-total"]);
    assert_eq!(own.lines("access-control-allow-credentials"), ["true"]);
    ask(&app(), Ask::from(EVIL, "GET", "/proxied")).await.hides(200);
    ask(&app(), Ask::new("GET", "/proxied")).await.hides(200);

    // The same inside a layer.
    let plain = get(async || [("access-control-allow-origin", "*")]);
    let app = Router::<()>::new().route("/", plain).layer(CorsLayer::new(&FRONT_END));
    ask(&app, Ask::from(APP, "GET", "/")).await.reads(APP, 200);
    ask(&app, Ask::from(EVIL, "GET", "/")).await.hides(200);
}

#[tokio::test]
async fn pain_22_a_rejected_page_is_told_nothing_axum() {
    let withheld = ask(&app(), Ask::from(EVIL, "GET", "/me")).await;
    assert_eq!(withheld.hides(200).vary(), ["origin"]);
    ask(&app(), Ask::before(EVIL, "GET", "/me")).await.rejects();
}
