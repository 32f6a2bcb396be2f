//! Pain 20: the order of layers. An annotation has none, and a self-check finds what stands
//! outside of everything.

use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use cors_axum::{CorsLayer, Policy, Routes, check, cors, routes};
use tower::{Layer as _, Service};
use tower_http::catch_panic::CatchPanicLayer;

use super::{ask, authenticate, limit_rate, redirect};
use crate::talk::{ADMIN, APP, Ask, EVIL};

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
    // Before or after the routes: the same.
    let layers_first: Router =
        Router::new().layer(CatchPanicLayer::new()).merge(api()).route("/plain", get(async || ()));
    let layers_last: Router =
        Router::new().route("/plain", get(async || ())).merge(api()).layer(CatchPanicLayer::new());
    // Outside of a policy that is not told of them, and inside of one that is.
    let beside = CorsLayer::new(Policy::builder().origins([ADMIN]).build().unwrap());
    let beside: Router = Router::new().route("/plain", get(async || ())).layer(beside).merge(api());
    let inside = Policy::builder().origins([ADMIN]).build().unwrap();
    let inside =
        api().default_policy(inside).into_app(|router| router.route("/plain", get(async || ())));
    for app in [layers_first, layers_last, beside, inside] {
        check(app.clone(), &api().table()).await.unwrap();
        ask(&app, Ask::before(APP, "GET", "/api/users/1")).await.allows(APP, "GET");
        ask(&app, Ask::before(ADMIN, "GET", "/api/users/1")).await.rejects();
    }
}

#[tokio::test]
async fn pain_20_the_check_passes_what_works_axum() {
    check(Router::new().merge(api()), &api().table()).await.unwrap();
    let inside = Router::new().merge(api().layer(from_fn(authenticate)));
    check(inside, &api().table()).await.unwrap();
    let built = api().into_app(|router| router.layer(from_fn(authenticate)));
    check(built, &api().table()).await.unwrap();
    let by_hand = Router::new().merge(api()).layer(from_fn(authenticate));
    check(by_hand.layer(CorsLayer::for_routes(&api().table())), &api().table()).await.unwrap();
}

/// B6: the most common way to write it.
#[tokio::test]
async fn pain_20_the_check_finds_what_stands_outside_axum() {
    let found = findings(Router::new().merge(api()).layer(from_fn(authenticate))).await;
    assert!(found.contains("GET /api/users/{id}") && found.contains("order.rs:"), "{found}");
    assert!(found.contains("PUT /api/users/{id}"), "{found}");
    assert!(found.contains("is answered 401"), "{found}");
    assert!(found.contains("put authentication between CORS and the handlers"), "{found}");
    assert!(found.contains("with `into_app` (axum)"), "{found}");

    let found = findings(Router::new().merge(api()).layer(from_fn(limit_rate))).await;
    assert!(found.contains("a rate limit outside counts it"), "{found}");

    let found = findings(Router::new().merge(api()).layer(from_fn(redirect))).await;
    assert!(found.contains("browsers follow no redirect of a preflight"), "{found}");

    // Registered elsewhere, or not at all.
    let found = findings(Router::new().merge(routes![read, update, file, internal])).await;
    assert!(found.contains("is it registered, under this path?"), "{found}");

    // Given other paths than those that it sees.
    let unprefixed: Routes = routes![read, update, file, internal];
    let unprefixed = CorsLayer::for_routes(&unprefixed.table());
    let app: Router = Router::new().merge(api()).layer(from_fn(authenticate));
    assert!(findings(app.layer(unprefixed)).await.contains("is answered 401"));
}

/// B7: another library's policy outside, which answers for all handlers.
#[tokio::test]
async fn pain_20_the_check_finds_who_answers_for_everybody_axum() {
    async fn permissive(request: Request, next: Next) -> Response {
        let is_preflight = request.method() == "OPTIONS";
        let mut response = if is_preflight { ().into_response() } else { next.run(request).await };
        let headers = response.headers_mut();
        headers.insert("access-control-allow-origin", HeaderValue::from_static("*"));
        headers.insert("access-control-allow-methods", HeaderValue::from_static("*"));
        response
    }
    let found = findings(api().into_app(|router| router).layer(from_fn(permissive))).await;
    assert!(found.contains("a preflight that the policy rejects is granted"), "{found}");

    let generous = CorsLayer::new(Policy::builder().origins(["*"]).build().unwrap());
    let found = findings(Router::<()>::new().merge(api()).layer(generous)).await;
    assert!(found.contains("a preflight that the policy rejects is granted"), "{found}");
    assert!(found.contains("give that layer the list of routes"), "{found}");
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
    let list = || routes![save_draft, delete_drafts];
    let overrides = tower::util::MapRequestLayer::new(|mut request: Request| {
        if request.headers().contains_key("x-http-method-override") {
            *request.method_mut() = axum::http::Method::DELETE;
        }
        request
    });
    let overriding =
        |origin| Ask::from(origin, "POST", "/drafts").with("x-http-method-override", "DELETE");
    // Around the router: it routes what it sees, and the layer that knows the routes is in it.
    let app = overrides.clone().layer(list().into_app(|router| router));
    ask(&app, Ask::from(EVIL, "POST", "/drafts")).await.reads("*", 200);
    ask(&app, overriding(EVIL)).await.hides(200);
    ask(&app, overriding(APP)).await.reads(APP, 200);
    assert_eq!(DELETED.load(Ordering::Relaxed), 2);
    // In front of a router that is a service, which the layer further out cannot see into.
    let hidden = overrides.layer(Router::<()>::from(list()));
    let app = Router::<()>::new().fallback_service(hidden);
    let app = app.layer(CorsLayer::for_routes(&(list() as Routes).table()));
    ask(&app, overriding(EVIL)).await.hides(200);
    ask(&app, overriding(APP)).await.reads(APP, 200);
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
    let told = layered().into_app(|router| router);
    for (app, path) in [(layered().into_router(), "/generous"), (told, "/generous")] {
        ask(&app, Ask::from(EVIL, "GET", path)).await.hides(200);
        let own = ask(&app, Ask::from(APP, "GET", path)).await;
        own.reads(APP, 200);
        assert!(own.lines("access-control-allow-credentials").is_empty(), "{own:?}");
        assert!(own.lines("access-control-expose-headers").is_empty(), "{own:?}");
    }
}
