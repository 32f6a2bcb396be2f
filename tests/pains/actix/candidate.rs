//! A policy that is to come, on actix-web.

use actix_web::guard::GuardContext;
use actix_web::http::Method;
use actix_web::test::init_service;
use actix_web::web::ServiceConfig;
use actix_web::{App, Responder, put, web};
use cors_actix::{Cors, PolicyRef, Routes, cors, routes};

use super::ask;
use crate::candidate::{
    self, ENFORCED, EVERYBODY, FRONT_END, is_compared, is_compared_from_enforced,
    is_compared_nested, is_compared_to_enforced, is_in_the_table, is_limited, is_unknown, pair,
    pairs, speaks_for_itself, unknown,
};
use crate::log::Log;
use crate::talk::{APP, Ask, EVIL};

#[cors(policy = EVERYBODY, candidate = FRONT_END)]
#[put("/annotated")]
async fn annotated() -> impl Responder {
    ""
}

#[cors(origins = "*", headers = ["content-type", "x-trace"], candidate = candidate::FRONT_END)]
#[put("/inline")]
async fn inline() -> impl Responder {
    ""
}

#[cors(policy = FRONT_END, candidate = ENFORCED)]
#[put("/to-enforced")]
async fn to_enforced() -> impl Responder {
    ""
}

#[cors(policy = ENFORCED, candidate = FRONT_END)]
#[put("/from-enforced")]
async fn from_enforced() -> impl Responder {
    ""
}

#[cors(policy = FRONT_END, candidate = EVERYBODY)]
#[put("/limited")]
async fn limited() -> impl Responder {
    ""
}

#[cors(policy = EVERYBODY)]
#[put("/open")]
async fn open() -> impl Responder {
    ""
}

fn has_query(context: &GuardContext<'_>) -> bool {
    context.head().uri.query().is_some()
}

#[cors(policy = EVERYBODY)]
#[put("/guarded", guard = "has_query")]
async fn guarded() -> impl Responder {
    ""
}

#[cors(policy = EVERYBODY, candidate = FRONT_END)]
#[put("/guarded")]
async fn behind_it() -> impl Responder {
    ""
}

#[cors(policy = EVERYBODY, candidate = FRONT_END)]
#[put("/files/{name}", guard = "has_query")]
async fn any_file() -> impl Responder {
    ""
}

#[cors(policy = EVERYBODY, candidate = FRONT_END)]
#[put("/files/admin")]
async fn admin_file() -> impl Responder {
    ""
}

/// Where guards choose, a preflight is for all handlers that may run, and so it is for candidates.
#[actix_web::test]
async fn candidates_of_guarded_handlers_actix() {
    let list = routes![guarded, behind_it, any_file, admin_file];
    let app = init_service(list.into_app(App::new(), |app| app)).await;
    let log = Log::listen();
    for (path, handler) in [("/guarded", "behind_it"), ("/files/admin", "any_file")] {
        ask(&app, Ask::before(EVIL, "PUT", path)).await.allows("*", "PUT");
        let [line] = &log.take()[..] else { panic!("one line") };
        assert!(
            line.contains("difference=\"would_reject\" reason=\"origin-not-allowed\""),
            "{line}"
        );
        assert!(line.contains(&format!("::{handler}\"")), "{line}");
        ask(&app, Ask::before(APP, "PUT", path)).await.allows("*", "PUT");
        let lines = log.take();
        // One of the two policies of `/guarded` has no credentials, so that both have none.
        assert_eq!(lines.len(), usize::from(path != "/guarded"), "{lines:?}");
    }
}

fn list() -> Routes {
    let list = routes![annotated, inline, to_enforced, from_enforced, limited];
    pairs().into_iter().enumerate().fold(list, |list, (number, pair)| {
        list.on(&[Method::PUT], &format!("/registered/{number}"), async || "", pair)
    })
}

macro_rules! compares_all {
    ($app:expr, $log:ident) => {{
        let app = init_service($app).await;
        for path in ["/annotated", "/inline"] {
            is_compared(async |page| ask(&app, page).await, &$log, path).await;
        }
        for number in 0..pairs().len() {
            let path = format!("/registered/{number}");
            is_compared(async |page| ask(&app, page).await, &$log, &path).await;
            // Closures of one place are one handler, and two of them log less than is suppressed.
            if number % 2 == 1 {
                $log.count_anew();
            }
        }
        is_compared_to_enforced(async |page| ask(&app, page).await, &$log, "/to-enforced").await;
        is_compared_from_enforced(async |page| ask(&app, page).await, &$log, "/from-enforced")
            .await;
        $log.count_anew();
    }};
}

#[actix_web::test]
async fn a_candidate_of_a_handler_actix() {
    let log = Log::listen();
    compares_all!(list().into_app(App::new(), |app| app), log);
    compares_all!(App::new().service(list()), log);
    is_in_the_table(&list().table(), "::annotated");
}

fn plain(config: &mut ServiceConfig) {
    config.route("/plain", web::put().to(async || ""));
}

#[actix_web::test]
async fn a_candidate_of_a_middleware_actix() {
    let log = Log::listen();
    let layered = init_service(App::new().configure(plain).wrap(Cors::new(pair()))).await;
    is_compared(async |page| ask(&layered, page).await, &log, "/plain").await;
    log.count_anew();
    let default = routes![open].default_policy(pair());
    let default = init_service(default.into_app(App::new(), |app| app.configure(plain))).await;
    is_compared(async |page| ask(&default, page).await, &log, "/plain").await;
    log.count_anew();
    let enforcing = PolicyRef::from(&FRONT_END).with_candidate(&ENFORCED);
    let layered = init_service(App::new().configure(plain).wrap(Cors::new(enforcing))).await;
    is_compared_to_enforced(async |page| ask(&layered, page).await, &log, "/plain").await;
    let enforced = PolicyRef::from(&ENFORCED).with_candidate(&FRONT_END);
    let layered = init_service(App::new().configure(plain).wrap(Cors::new(enforced))).await;
    is_compared_from_enforced(async |page| ask(&layered, page).await, &log, "/plain").await;
}

#[actix_web::test]
async fn candidates_of_nested_policies_actix() {
    let log = Log::listen();
    let inside = |cors: Cors| App::new().service(routes![annotated, open]).wrap(cors);
    let nested = init_service(inside(Cors::new(&EVERYBODY))).await;
    is_compared_nested(async |page| ask(&nested, page).await, &log, "/annotated").await;
    log.count_anew();
    let layered = init_service(inside(Cors::new(pair()))).await;
    let enforced = PolicyRef::from(&EVERYBODY).with_candidate(&ENFORCED);
    let enforced = init_service(inside(Cors::new(enforced))).await;
    let (layered, enforced) =
        (async |page| ask(&layered, page).await, async |page| ask(&enforced, page).await);
    speaks_for_itself(layered, enforced, &log, "/open").await;
}

#[actix_web::test]
async fn differences_are_limited_actix() {
    let app = init_service(list().into_app(App::new(), |app| app)).await;
    let log = Log::listen();
    is_limited(async |page| ask(&app, page).await, &log, "/limited").await;
}

#[actix_web::test]
async fn candidates_that_cannot_be_asked_actix() {
    let [not_set, panicking] = unknown();
    let list = Routes::new().on(&[Method::PUT], "/not-set", async || "", not_set).on(
        &[Method::PUT],
        "/panicking",
        async || "",
        panicking,
    );
    let app = init_service(list.into_app(App::new(), |app| app)).await;
    let log = Log::listen();
    is_unknown(async |page| ask(&app, page).await, &log, ["/not-set", "/panicking"]).await;
}
