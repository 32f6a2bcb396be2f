//! Policies that meet, and programs that tried to get around one. A test bears the row of the
//! field's table that it is about.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, MethodRouter, get, head, put};
use axum::{Router, middleware};
use cors_axum::{CorsLayer, Policy, Routes, check, cors, methods, policy, routes};
use tower::{Layer as _, ServiceBuilder, ServiceExt as _};
use tower_http::catch_panic::CatchPanicLayer;

use super::{ask, authenticate};
use crate::log::Log;
use crate::nested;
use crate::talk::{ADMIN, APP, Ask, EVIL, PARTNER, panic_of};

policy! {
    static FRONT_END = { origins = ["https://app.example.com"], credentials }
    static FRONT_END_ENFORCED = { origins = ["https://app.example.com"], credentials, enforce }
    static PARTNERS = { origins = ["https://partner.example.net"], credentials }
    static PUBLIC = { origins = "*" }
}

fn everybody() -> CorsLayer {
    let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    CorsLayer::new(
        Policy::builder().origins(["*"]).headers(["*"]).methods(methods).build().unwrap(),
    )
}

/// How often a handler ran.
#[derive(Debug, Clone, Default)]
struct Runs(Arc<AtomicUsize>);

impl Runs {
    fn handler(&self) -> impl Handler<((),), ()> + use<> {
        let runs = Self::clone(self);
        async move || {
            runs.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

static PLANNED: AtomicUsize = AtomicUsize::new(0);

#[cors(origins = ["https://app.example.com"], methods = ["PUT"])]
#[route("/plan", method = "POST", method = "PUT", method = "DELETE")]
async fn replace_plan() {
    PLANNED.fetch_add(1, Ordering::Relaxed);
}

#[cors(none)]
#[patch("/plan")]
async fn patch_plan() {
    PLANNED.fetch_add(1, Ordering::Relaxed);
}

/// A middleware that moves to another task.
async fn spawn(request: Request, next: Next) -> Response {
    tokio::spawn(next.run(request)).await.unwrap()
}

/// A middleware that builds the response anew, and keeps no more than status and body.
pub(super) async fn rebuild(request: Request, next: Next) -> Response {
    let (head, body) = next.run(request).await.into_parts();
    (head.status, body).into_response()
}

/// B5, G8.
#[tokio::test]
async fn b5_g8_nested_policies_are_strict_axum() {
    let plan = || Router::new().merge(routes![replace_plan, patch_plan]);
    let through = |it: Router| it.layer(everybody());
    let service = through(Router::new().nest_service("/api", plan()));
    let nested = through(Router::new().nest("/api", plan()));
    let spawned = through(Router::new().nest("/api", plan()).layer(from_fn(spawn)));
    let behind_authentication =
        through(Router::new().nest("/api", plan()).layer(from_fn(authenticate)));
    for app in [service, nested, spawned, behind_authentication] {
        nested::is_strict(async |page| ask(&app, page).await, &PLANNED).await;
    }
    // What loses the mark leaks nothing: the handler has not run for whom it does not allow.
    let rebuilt = through(Router::new().nest("/api", plan()).layer(from_fn(rebuild)));
    let before = PLANNED.load(Ordering::Relaxed);
    for method in ["PUT", "POST", "DELETE"] {
        let rejected = ask(&rebuilt, Ask::from(EVIL, method, "/api/plan")).await;
        assert_eq!(rejected.status, 403, "{rejected:?}");
        assert_eq!(rejected.body, "", "{rejected:?}");
    }
    assert_eq!(PLANNED.load(Ordering::Relaxed), before);
    // Credentials of the outer policy are none of the inner one's.
    let cookies = Policy::builder().origins([APP]).credentials().headers(["authorization"]);
    let cookies = CorsLayer::new(cookies.build().unwrap());
    let app = Router::new().nest("/api", plan()).layer(cookies);
    nested::keeps_cookies_out(async |page| ask(&app, page).await, &PLANNED).await;

    // The log says what happened, and the check finds it before.
    let app = Router::new().nest_service("/api", Router::new().merge(routes![logged]));
    let app = app.layer(everybody());
    let log = Log::listen();
    ask(&app, Ask::from(EVIL, "PUT", "/api/logged")).await.hides(403);
    nested::is_said(&log, "logged");
    let table = (routes![logged] as Routes).nest("/api").table();
    let found = check(app, &table).await.unwrap_err().to_string();
    assert!(found.contains("a preflight that the policy rejects is granted"), "{found}");
}

#[cors(origins = ["https://app.example.com"])]
#[put("/logged")]
async fn logged() {}

/// B1: no annotation anywhere.
#[tokio::test]
async fn b1_a_strict_layer_in_a_lax_one_axum() {
    let runs = Runs::default();
    let app = Router::new()
        .route("/plan", put(runs.handler()).get(runs.handler()))
        .layer(CorsLayer::new(&FRONT_END))
        .layer(everybody());
    ask(&app, Ask::before(EVIL, "PUT", "/plan")).await.allows("*", "PUT");
    for method in ["PUT", "GET"] {
        ask(&app, Ask::from(EVIL, method, "/plan")).await.hides(403);
    }
    assert_eq!(runs.count(), 0);
    ask(&app, Ask::from(APP, "PUT", "/plan")).await.reads(APP, 200);
    assert_eq!(runs.count(), 1);
}

/// B4: a stack with CORS in the middle.
#[tokio::test]
async fn b4_no_preflight_meets_what_is_inside_axum() {
    let seen = Runs::default();
    let count = middleware::from_fn_with_state(
        seen.clone(),
        async |State(seen): State<Runs>, request: Request, next: Next| {
            seen.0.fetch_add(1, Ordering::Relaxed);
            next.run(request).await
        },
    );
    let stack = ServiceBuilder::new()
        .layer(tower_http::catch_panic::CatchPanicLayer::new())
        .layer(CorsLayer::new(&FRONT_END))
        .layer(count);
    let app = Router::<()>::new().route("/plan", put(async || ())).layer(stack);
    for page in [APP, EVIL] {
        for method in ["PUT", "DELETE", "GET", "put"] {
            ask(&app, Ask::before(page, method, "/plan")).await;
        }
    }
    assert_eq!(seen.count(), 0);
    ask(&app, Ask::from(APP, "PUT", "/plan")).await.reads(APP, 200);
    assert_eq!(seen.count(), 1);
}

#[cors(policy = PARTNERS)]
#[get("/files/{name}")]
async fn get_file() -> &'static str {
    "a file"
}

/// G1: what the router runs has the policy of what the router runs.
#[tokio::test]
async fn g1_a_plain_handler_has_no_policy_of_the_list_axum() {
    let runs = Runs::default();
    let admin = || put(runs.handler()).get(runs.handler());
    let enforced = routes![get_file]
        .default_policy(&FRONT_END_ENFORCED)
        .into_app(|router| router.route("/files/admin", admin()));
    let by_hand = CorsLayer::for_routes(&(routes![get_file] as Routes).table());
    let by_hand = Router::new()
        .merge(routes![get_file])
        .route("/files/admin", admin())
        .layer(by_hand.default_policy(&FRONT_END_ENFORCED));
    for app in [enforced, by_hand] {
        ask(&app, Ask::before(PARTNER, "GET", "/files/x")).await.allows(PARTNER, "GET");
        ask(&app, Ask::from(PARTNER, "GET", "/files/x")).await.reads(PARTNER, 200);
        ask(&app, Ask::before(PARTNER, "GET", "/files/admin")).await.rejects();
        let before = runs.count();
        for page in [PARTNER, EVIL, "null"] {
            ask(&app, Ask::from(page, "GET", "/files/admin")).await.hides(403);
            ask(&app, Ask::from(page, "PUT", "/files/admin")).await.hides(403);
        }
        assert_eq!(runs.count(), before);
        ask(&app, Ask::from(APP, "PUT", "/files/admin")).await.reads(APP, 200);
    }
    let none = routes![get_file].into_app(|router| router.route("/files/admin", admin()));
    ask(&none, Ask::before(PARTNER, "GET", "/files/admin")).await.hides(405);
    ask(&none, Ask::from(PARTNER, "GET", "/files/admin")).await.hides(200);
    // Also inside of a nested router, and with a handler of the list's own path beside it.
    let nested = Router::<()>::new().nest("/api", none);
    ask(&nested, Ask::from(PARTNER, "GET", "/api/files/admin")).await.hides(200);
    ask(&nested, Ask::from(PARTNER, "GET", "/api/files/x")).await.reads(PARTNER, 200);
    let beside = routes![get_file].into_app(|router| router.route("/files/{name}", admin_put()));
    ask(&beside, Ask::from(PARTNER, "PUT", "/files/x")).await.hides(200);
    ask(&beside, Ask::before(PARTNER, "PUT", "/files/x")).await.rejects();
}

fn admin_put() -> MethodRouter {
    put(async || "by an administrator")
}

/// Another service of the program, for everybody.
fn prices() -> Router {
    routes![price].into_app(|router| router)
}

#[cors(origins = "*", expose_headers = ["x-price"])]
#[get("/price")]
async fn price() -> &'static str {
    "7"
}

async fn call_prices(request: Request) -> Response {
    let (mut head, body) = request.into_parts();
    head.uri = "/price".parse().unwrap();
    prices().oneshot(Request::from_parts(head, body)).await.unwrap()
}

#[cors(policy = FRONT_END)]
#[get("/passes-on")]
async fn passes_on(request: Request) -> Response {
    call_prices(request).await
}

#[cors(policy = FRONT_END)]
#[get("/copies")]
async fn copies(request: Request) -> Response {
    let (head, body) = call_prices(request).await.into_parts();
    (head.headers, body).into_response()
}

#[cors(policy = FRONT_END)]
#[get("/asks-anew")]
async fn asks_anew(request: Request) -> Response {
    let origin = request.headers().get("origin").cloned().unwrap();
    let request = Request::get("/price").header("origin", origin).body(Body::empty()).unwrap();
    prices().oneshot(request).await.unwrap()
}

/// G4: the handler's own policy has the last word, whatever it called.
#[tokio::test]
async fn g4_another_service_has_no_say_axum() {
    let list = || {
        routes![passes_on, copies, asks_anew].get("/registered", call_prices, &FRONT_END).get(
            "/a-layer",
            async || "",
            &FRONT_END,
        )
    };
    let any = || CorsLayer::new(&PUBLIC);
    for app in [
        list().into_router(),
        list().into_app(|router| router),
        Router::<()>::new().merge(list().into_app(|router| router)),
        // A policy among the layers of the list is no more than a service that was called.
        list().layer(any()).into_router(),
        list().layer(any()).into_app(|router| router),
        list().layer(from_fn(spawn)).layer(any()).into_app(|router| router),
    ] {
        for path in ["/passes-on", "/copies", "/asks-anew", "/registered", "/a-layer"] {
            let stranger = ask(&app, Ask::from(EVIL, "GET", path)).await;
            stranger.hides(stranger.status);
            assert_eq!(stranger.vary(), ["origin"], "{stranger:?}");
            let own = ask(&app, Ask::from(APP, "GET", path)).await;
            own.reads(APP, 200);
            assert_eq!(own.lines("access-control-allow-credentials"), ["true"], "{path}: {own:?}");
            assert!(own.lines("access-control-expose-headers").is_empty(), "{path}: {own:?}");
        }
    }
}

/// G6: a plain handler beside an annotated one, between two policies.
#[tokio::test]
async fn g6_a_plain_handler_between_two_policies_axum() {
    let runs = Runs::default();
    let app = Router::new()
        .merge(routes![get_file])
        .route("/files/{name}", put(runs.handler()))
        .layer(CorsLayer::new(&FRONT_END))
        .layer(CorsLayer::new(&PARTNERS));
    ask(&app, Ask::before(PARTNER, "PUT", "/files/x")).await.allows(PARTNER, "PUT");
    ask(&app, Ask::from(PARTNER, "PUT", "/files/x")).await.hides(403);
    assert_eq!(runs.count(), 0);
}

#[cors(origins = "*")]
#[get]
async fn spa() -> &'static str {
    "the single page app"
}

/// G7: one annotated handler does not speak for a whole service.
#[tokio::test]
async fn g7_a_handler_in_a_service_axum() {
    // As `ServeDir::fallback` does: files first, and else what was handed over.
    let files = tower::service_fn(async |request: Request| {
        if request.uri().path() == "/report.txt" {
            return Ok::<_, Infallible>(Response::new(Body::from("a report")));
        }
        MethodRouter::<()>::from(methods![spa]).oneshot(request).await
    });
    let app =
        Router::<()>::new().fallback_service(files).layer(CorsLayer::new(&FRONT_END_ENFORCED));
    let report = ask(&app, Ask::from(EVIL, "GET", "/report.txt")).await;
    assert_eq!(report.hides(403).body, "");
    ask(&app, Ask::from(APP, "GET", "/report.txt")).await.reads(APP, 200);
    ask(&app, Ask::from(APP, "GET", "/elsewhere")).await.reads("*", 200);
}

/// G14: whether there is a response depends on the origin.
#[tokio::test]
async fn g14_public_within_enforced_varies_axum() {
    let app = Router::<()>::new().merge(routes![price]).layer(CorsLayer::new(&FRONT_END_ENFORCED));
    for page in [Ask::from(APP, "GET", "/price"), Ask::new("GET", "/price")] {
        let read = ask(&app, page).await;
        assert_eq!(read.reads("*", 200).vary(), ["origin"], "{read:?}");
    }
    let rejected = ask(&app, Ask::from(EVIL, "GET", "/price")).await;
    assert_eq!(rejected.hides(403).vary(), ["origin"]);
}

/// G18: axum would answer `HEAD` with the plain handler, by the policy of `GET`.
#[test]
fn g18_a_plain_head_beside_an_annotated_get_does_not_start_axum() {
    for start in [
        || Router::<()>::new().merge(routes![price]).route("/price", head(async || ())),
        || routes![price].into_app(|router| router.route("/price", head(async || ()))),
        || Router::new().route("/price", head(async || ())).merge(routes![price]),
    ] {
        assert!(panic_of(start).contains("Overlapping method route"));
    }
}

trait Repository: Send + Sync + 'static {
    const NAME: &'static str;
}

struct Postgres;

impl Repository for Postgres {
    const NAME: &'static str = "postgres";
}

impl Postgres {
    fn home() -> impl Future<Output = &'static str> {
        std::future::ready("home")
    }
}

async fn get_user<R: Repository>() -> &'static str {
    R::NAME
}

const REPORTS: &str = "/reports";

fn registered() -> Routes {
    let service = tower::service_fn(async |_: Request| {
        Ok::<_, Infallible>(Response::new(Body::from("a service")))
    });
    Routes::new()
        .get("/user", get_user::<Postgres>, &PUBLIC)
        .get("/", Postgres::home, &FRONT_END)
        .put(REPORTS, async || "a closure", &FRONT_END)
        .get(REPORTS, async || "another", &PUBLIC)
        .on(MethodFilter::POST.or(MethodFilter::DELETE), REPORTS, async || "both", &PARTNERS)
        .any("/any", async |method: Method| method.to_string(), &PARTNERS)
        .any_service("/files/{*path}", service, &PUBLIC)
        .on_service(MethodFilter::POST, "/rpc", service, &FRONT_END)
}

/// A4, A5: what cannot carry an attribute has a policy each.
#[tokio::test]
async fn a4_a5_explicit_registration_axum() {
    for app in [
        registered().into_app(|router| router),
        registered().into_router(),
        registered().layer(from_fn(spawn)).into_app(|router| router.layer(from_fn(spawn))),
    ] {
        check(app.clone(), &registered().table()).await.unwrap();
        for (method, path, body, origin) in [
            ("GET", "/user", "postgres", None),
            ("GET", "/", "home", Some(APP)),
            ("PUT", "/reports", "a closure", Some(APP)),
            ("GET", "/reports", "another", None),
            ("DELETE", "/reports", "both", Some(PARTNER)),
            ("DELETE", "/any", "DELETE", Some(PARTNER)),
            ("PATCH", "/files/a/b", "a service", None),
            ("POST", "/rpc", "a service", Some(APP)),
        ] {
            for page in [APP, PARTNER, EVIL] {
                let preflight = ask(&app, Ask::before(page, method, path)).await;
                let actual = ask(&app, Ask::from(page, method, path)).await;
                assert_eq!(actual.body, body);
                match origin {
                    None => {
                        preflight.allows("*", method);
                        actual.reads("*", 200);
                    }
                    Some(origin) if origin == page => {
                        preflight.allows(page, method);
                        actual.reads(page, 200);
                    }
                    Some(_) => {
                        preflight.rejects();
                        assert_eq!(actual.hides(200).vary(), ["origin"]);
                    }
                }
            }
        }
    }
    // axum has one name for the parameter of a path, whatever the methods.
    let list = || Routes::<()>::new().put("/x/{a}", async || (), &PUBLIC);
    let names = panic_of(|| list().get("/x/{b}", async || (), &PUBLIC));
    assert!(names.contains("two names for one path: `/x/{a}` and `/x/{b}`"), "{names}");
    // A path is another one below a prefix, also when a list is merged.
    let merged = list().nest("/api").merge(Routes::new().get("/x/{b}", async || (), &PUBLIC));
    let nested = panic_of(|| merged.put("/api/x/{c}", async || (), &PUBLIC));
    assert!(nested.contains("two handlers for PUT /api/x/{c}"), "{nested}");

    let twice = panic_of(|| registered().put(REPORTS, async || (), &PUBLIC));
    assert!(twice.contains("two handlers for PUT /reports"), "{twice}");
    assert_eq!(twice.matches("composition.rs:").count(), 2, "{twice}");
}

/// An app that another router calls, without `nest_service`, has its policies outside of its layers.
#[tokio::test]
async fn b4_an_app_inside_of_another_router_axum() {
    let api = || {
        let list = Routes::new().get("/me", async || "Ada", &FRONT_END);
        let list = list.put("/files/{*path}", async || "", &FRONT_END);
        list.into_app(|router| {
            let plain = get(async || "plain");
            router
                .route("/plain/me", plain.clone())
                .route("/plain/{*x}", plain)
                .layer(from_fn(authenticate))
        })
    };
    let call = |api: Router| move |request: Request| api.clone().oneshot(request);
    for app in [
        Router::new().route("/{*path}", axum::routing::any(call(api()))),
        Router::new().route_service("/{*x}", CatchPanicLayer::new().layer(api())),
        Router::new()
            .route("/{a}/{b}", axum::routing::any(call(api())))
            .route("/{a}", axum::routing::any(call(api())))
            .route("/{a}/{b}/{c}", axum::routing::any(call(api()))),
        Router::new().nest("/api", Router::new().fallback_service(api())),
    ] {
        let below =
            if ask(&app, Ask::from(APP, "GET", "/me")).await.status == 404 { "/api" } else { "" };
        for (method, path) in [("GET", "/me"), ("PUT", "/files/a/b"), ("PUT", "/files/a")] {
            let path = format!("{below}{path}");
            ask(&app, Ask::before(APP, method, &path)).await.allows(APP, method);
            ask(&app, Ask::from(APP, method, &path)).await.reads(APP, 401);
            ask(&app, Ask::from(EVIL, method, &path)).await.hides(401);
        }
        for path in ["/plain/me", "/plain/files/a"] {
            let path = format!("{below}{path}");
            ask(&app, Ask::from(APP, "GET", &path)).await.hides(401);
            let known = Ask::from(APP, "GET", &path).with("authorization", "Ada");
            ask(&app, known).await.hides(200);
        }
    }
}

/// A fallback does not run for what every handler of its path rejects.
#[tokio::test]
async fn c3_a_fallback_beside_handlers_that_enforce_axum() {
    #[cors(policy = FRONT_END_ENFORCED)]
    #[get]
    async fn enforced() -> &'static str {
        ""
    }
    let runs = Runs::default();
    let methods = || methods![enforced].fallback(runs.handler());
    for app in [
        Routes::new().route("/x", methods()).into_app(|router| router),
        Router::new().route("/x", methods().into()),
    ] {
        ask(&app, Ask::from(EVIL, "POST", "/x")).await.hides(403);
        assert_eq!(runs.count(), 0);
        ask(&app, Ask::from(APP, "POST", "/x")).await.reads(APP, 200);
        assert_eq!(runs.0.swap(0, Ordering::Relaxed), 1);
    }
}

/// The self-check sends no preflight for one route to another.
#[tokio::test]
async fn routes_beside_numbers_are_checked_axum() {
    let list = || {
        let list = Routes::new().put("/v/{n}", async || (), &FRONT_END);
        list.put("/v/1", async || (), &PUBLIC).put("/{{v}}/2/{*n}", async || (), &PUBLIC)
    };
    check(list().into_app(|router| router), &list().table()).await.unwrap();
}

/// A path may have nothing but a fallback, which no policy is about.
#[tokio::test]
async fn a_fallback_alone_is_served_axum() {
    let list = || Routes::<()>::new().route("/x", methods![].fallback(async || "fallback"));
    let (built, by_hand) =
        (list().nest("/api").into_app(|it| it), list().nest("/api").into_router());
    for app in [built, by_hand] {
        let answer = ask(&app, Ask::from(APP, "PUT", "/api/x")).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "fallback"));
        answer.hides(200);
    }
}

/// A6: one handler on two paths.
#[cors(policy = FRONT_END)]
#[get("/drafts")]
#[put("/drafts/{id}")]
#[route("/old", method = "PUT", method = "PATCH")]
async fn drafts() -> &'static str {
    "drafts"
}

#[cors(origins = ["https://admin.example.com"])]
#[put("/drafts")]
async fn clear_drafts() {}

#[tokio::test]
async fn a6_one_handler_on_several_paths_axum() {
    let list = || routes![drafts, clear_drafts];
    for app in [list().into_router(), list().into_app(|router| router)] {
        check(app.clone(), &(list() as Routes).table()).await.unwrap();
        for (method, path) in
            [("GET", "/drafts"), ("PUT", "/drafts/1"), ("PUT", "/old"), ("PATCH", "/old")]
        {
            ask(&app, Ask::before(APP, method, path)).await.allows(APP, method);
            assert_eq!(
                ask(&app, Ask::from(APP, method, path)).await.reads(APP, 200).body,
                "drafts"
            );
            ask(&app, Ask::from(EVIL, method, path)).await.hides(200);
        }
        // Each path has its own methods.
        ask(&app, Ask::before(APP, "GET", "/drafts/1")).await.rejects();
        ask(&app, Ask::before(ADMIN, "PUT", "/drafts")).await.allows(ADMIN, "PUT");
        ask(&app, Ask::before(APP, "PUT", "/drafts")).await.rejects();
    }
}

/// Lists with different states, each with layers of its own, in one app.
#[tokio::test]
async fn lists_of_different_states_meet_axum() {
    async fn name(State(name): State<&'static str>) -> &'static str {
        name
    }
    let app: Router = Routes::new()
        .get("/name", name, &FRONT_END)
        .with_state("Ada")
        .merge(
            Routes::new()
                .put("/name", async |State(n): State<u8>| n.to_string(), &PARTNERS)
                .with_state(7),
        )
        .layer(from_fn(authenticate))
        .into_app(|router| router.route("/plain", get(async || ())));
    let signed_in = |ask: Ask| ask.with("authorization", "Bearer x");
    ask(&app, Ask::before(APP, "GET", "/name")).await.allows(APP, "GET");
    ask(&app, Ask::before(PARTNER, "PUT", "/name")).await.allows(PARTNER, "PUT");
    ask(&app, Ask::before(APP, "PUT", "/name")).await.rejects();
    ask(&app, Ask::from(APP, "GET", "/name")).await.reads(APP, 401);
    let read = ask(&app, signed_in(Ask::from(PARTNER, "PUT", "/name"))).await;
    assert_eq!(read.reads(PARTNER, 200).body, "7");
    assert_eq!(ask(&app, signed_in(Ask::from(APP, "GET", "/name"))).await.body, "Ada");
}

/// A handler for all methods is strict for those that axum has no filter for too, whatever is around
/// it: it is registered as a fallback then.
#[tokio::test]
async fn enforce_holds_for_methods_that_axum_does_not_name_axum() {
    let runs = Runs::default();
    let list = || Routes::new().any("/any", runs.handler(), &FRONT_END_ENFORCED);
    let passes = || from_fn(async |request: Request, next: Next| next.run(request).await);
    let apps: [Router; 6] = [
        list().into_app(|router| router),
        list().into_router(),
        list().layer(passes()).into_app(|router| router),
        list().layer(passes()).with_state::<()>(()).into_router(),
        list().with_state::<()>(()).explain(true).into_router(),
        Router::new().nest("/api", list().into_router()),
    ];
    for (app, prefix) in apps.into_iter().zip(["", "", "", "", "", "/api"]) {
        let path = format!("{prefix}/any");
        for method in ["PROPFIND", "QUERY", "TRACE", "PUT"] {
            let before = runs.count();
            ask(&app, Ask::from(EVIL, method, &path)).await.hides(403);
            assert_eq!(runs.count(), before, "{method} {path}");
            ask(&app, Ask::from(APP, method, &path)).await.reads(APP, 200);
            assert_eq!(runs.count(), before + 1, "{method} {path}");
        }
    }
}
