//! Pain 20: the order of layers. An annotation has none, and a self-check finds what stands
//! outside of everything.

use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::get;
use cors_axum::{CorsLayer, Policy, Routes, check, cors, routes};
use tower::util::BoxCloneSyncService;
use tower::{Layer, Service};
use tower_http::catch_panic::CatchPanicLayer;

use super::{ask, authenticate, limit_rate, redirect};
use crate::log::Log;
use crate::talk::{ADMIN, APP, Ask, EVIL};
use crate::unasked;

#[cors(origins = ["https://app.example.com"], credentials)]
#[get("/users/{id}")]
async fn read() {}

#[cors(origins = ["https://*.example.com"])]
#[put("/users/{id}")]
async fn update() {}

#[cors(origins = "*")]
#[get("/files/{*path}")]
async fn file() {}

#[cors(none)]
#[get("/internal")]
async fn internal() {}

fn api() -> Routes {
    routes![read, update, file, internal].nest("/api")
}

/// What the check finds wrong with an app.
async fn findings<S>(app: S) -> String
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone,
{
    check(app, &api().table()).await.unwrap_err().to_string()
}

#[tokio::test]
async fn pain_20_annotations_have_no_order_axum() {
    // Before or after the routes, inside or outside of another policy: the same.
    let outer = || CorsLayer::new(Policy::builder().origins([ADMIN]).build().unwrap());
    let layers_first: Router = Router::new()
        .layer(outer())
        .layer(CatchPanicLayer::new())
        .merge(api())
        .route("/plain", get(async || ()));
    let layers_last: Router = Router::new()
        .route("/plain", get(async || ()))
        .merge(api())
        .layer(CatchPanicLayer::new())
        .layer(outer());
    for app in [layers_first, layers_last] {
        check(app.clone(), &api().table()).await.unwrap();
        ask(&app, Ask::before(APP, "GET", "/api/users/1")).await.grants(APP, "GET");
        ask(&app, Ask::before(ADMIN, "GET", "/api/users/1")).await.refuses();
    }
}

#[tokio::test]
async fn pain_20_the_check_passes_what_works_axum() {
    check(Router::new().merge(api()), &api().table()).await.unwrap();
    let inside = Router::new().merge(api().layer(from_fn(authenticate)));
    check(inside, &api().table()).await.unwrap();
    let outside = Router::new().merge(api()).layer(from_fn(authenticate));
    check(outside.layer(CorsLayer::around(&api())), &api().table()).await.unwrap();
}

#[tokio::test]
async fn pain_20_the_check_finds_what_stands_outside_axum() {
    let found = findings(Router::new().merge(api()).layer(from_fn(authenticate))).await;
    assert!(found.contains("GET /api/users/{id}") && found.contains("order.rs:"), "{found}");
    assert!(found.contains("PUT /api/users/{id}"), "{found}");
    assert!(found.contains("is answered 401"), "{found}");
    assert!(found.contains("put authentication on the list of routes"), "{found}");

    let found = findings(Router::new().merge(api()).layer(from_fn(limit_rate))).await;
    assert!(found.contains("a rate limit outside counts it"), "{found}");

    let found = findings(Router::new().merge(api()).layer(from_fn(redirect))).await;
    assert!(found.contains("browsers follow no redirect of a preflight"), "{found}");

    // Registered elsewhere, or not at all.
    let found = findings(Router::new().merge(routes![read, update, file, internal])).await;
    assert!(found.contains("is it registered, under this path?"), "{found}");

    // Told about other paths than those that it sees.
    let unprefixed = CorsLayer::around::<()>(&routes![read, update, file, internal]);
    let app: Router = Router::new().merge(api()).layer(from_fn(authenticate));
    assert!(findings(unprefixed.layer(app)).await.contains("is answered 401"));
}

#[tokio::test]
async fn pain_20_the_check_finds_who_answers_for_everybody_axum() {
    let generous = CorsLayer::new(Policy::builder().origins(["*"]).build().unwrap());
    let found = findings(Router::<()>::new().fallback(async || ()).layer(generous)).await;
    assert!(found.contains("a preflight that the policy refuses is granted"), "{found}");
}

static REPLACED: AtomicUsize = AtomicUsize::new(0);

#[cors(origins = ["https://app.example.com"], methods = ["PUT"], credentials)]
#[route("/plan", method = "POST", method = "PUT", method = "DELETE")]
async fn replace_plan() {
    REPLACED.fetch_add(1, Ordering::Relaxed);
}

#[cors(none)]
#[patch("/plan")]
async fn patch_plan() {
    REPLACED.fetch_add(1, Ordering::Relaxed);
}

fn everybody() -> CorsLayer {
    let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    CorsLayer::new(
        Policy::builder().origins(["*"]).headers(["*"]).methods(methods).build().unwrap(),
    )
}

#[tokio::test]
async fn pain_20_who_is_not_asked_refuses_later_axum() {
    type App = BoxCloneSyncService<Request, Response, Infallible>;
    let plan = || Router::new().merge(routes![replace_plan, patch_plan]);
    // A layer that cannot see the handler, and one behind something that eats preflights.
    let hidden: Router = Router::new().nest_service("/api", plan()).layer(everybody());
    let eaten = Router::new().nest("/api", plan()).layer(from_fn(authenticate));
    let apps = [App::new(hidden), App::new(everybody().layer(eaten))];
    for app in apps {
        unasked::decides_later(async |page| ask(&app, page).await, &REPLACED).await;
    }
    // The log says what happened, and the check finds it before.
    let app = Router::new().nest_service("/api", plan()).layer(everybody());
    let log = Log::listen();
    ask(&app, Ask::from(EVIL, "PUT", "/api/plan")).await.hides(403);
    unasked::is_said(&log);
    let table = (routes![replace_plan, patch_plan] as Routes).nest("/api").table();
    let found = check(app, &table).await.unwrap_err().to_string();
    assert!(found.contains("a preflight that the policy refuses is granted"), "{found}");
}

static DELETED: AtomicUsize = AtomicUsize::new(0);

#[cors(origins = "*")]
#[post("/drafts")]
async fn save_draft() {}

#[cors(origins = ["https://app.example.com"])]
#[delete("/drafts")]
async fn delete_drafts() {
    DELETED.fetch_add(1, Ordering::Relaxed);
}

#[tokio::test]
async fn pain_20_a_method_that_is_overridden_is_another_handlers_axum() {
    // A layer in between turns what the policy further out saw into something else.
    let list: Routes = routes![save_draft, delete_drafts];
    let told = CorsLayer::around(&list);
    let overrides = tower::util::MapRequestLayer::new(|mut request: Request| {
        if request.headers().contains_key("x-http-method-override") {
            *request.method_mut() = axum::http::Method::DELETE;
        }
        request
    });
    let app = told.layer(overrides.layer(list.into_router()));
    let sent = |origin| Ask::from(origin, "POST", "/drafts");
    ask(&app, sent(EVIL)).await.reads("*", 200);
    ask(&app, sent(EVIL).with("x-http-method-override", "DELETE")).await.hides(403);
    assert_eq!(DELETED.load(Ordering::Relaxed), 0);
    ask(&app, sent(APP).with("x-http-method-override", "DELETE")).await.reads(APP, 200);
    assert_eq!(DELETED.load(Ordering::Relaxed), 1);
}

#[cors(origins = ["https://app.example.com"])]
#[get("/generous")]
async fn generous() -> [(&'static str, &'static str); 3] {
    [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-credentials", "true"),
        ("access-control-expose-headers", "*"),
    ]
}

#[tokio::test]
async fn pain_20_a_handler_within_layers_cannot_widen_its_policy_axum() {
    let layered = || {
        routes![generous]
            .layer(from_fn(async |request, next: axum::middleware::Next| next.run(request).await))
    };
    let told = Router::new().merge(layered()).layer(CorsLayer::around(&layered()));
    let hidden = Router::new().nest_service("/api", layered().into_router()).layer(everybody());
    for (app, path) in
        [(layered().into_router(), "/generous"), (told, "/generous"), (hidden, "/api/generous")]
    {
        ask(&app, Ask::from(EVIL, "GET", path)).await.hides(200);
        let own = ask(&app, Ask::from(APP, "GET", path)).await;
        own.reads(APP, 200);
        assert!(own.lines("access-control-allow-credentials").is_empty(), "{own:?}");
        assert!(own.lines("access-control-expose-headers").is_empty(), "{own:?}");
    }
}
