//! A policy that is to come, on axum.

use axum::Router;
use axum::routing::{MethodFilter, put};
use cors_axum::{CorsLayer, PolicyRef, Routes, cors, routes};

use super::ask;
use crate::candidate::{
    self, ENFORCED, EVERYBODY, FRONT_END, is_compared, is_compared_from_enforced,
    is_compared_nested, is_compared_to_enforced, is_in_the_table, is_limited, is_unknown, pair,
    pairs, speaks_for_itself, unknown,
};
use crate::log::Log;

#[cors(policy = EVERYBODY, candidate = FRONT_END)]
#[put("/annotated")]
async fn annotated() {}

#[cors(origins = "*", headers = ["content-type", "x-trace"], candidate = candidate::FRONT_END)]
#[put("/inline")]
async fn inline() {}

#[cors(policy = FRONT_END, candidate = ENFORCED)]
#[put("/to-enforced")]
async fn to_enforced() {}

#[cors(policy = ENFORCED, candidate = FRONT_END)]
#[put("/from-enforced")]
async fn from_enforced() {}

#[cors(policy = FRONT_END, candidate = EVERYBODY)]
#[put("/limited")]
async fn limited() {}

#[cors(policy = EVERYBODY)]
#[put("/open")]
async fn open() {}

fn list() -> Routes {
    let list = routes![annotated, inline, to_enforced, from_enforced, limited];
    pairs().into_iter().enumerate().fold(list, |list, (number, pair)| {
        list.on(MethodFilter::PUT, &format!("/registered/{number}"), async || (), pair)
    })
}

#[tokio::test]
async fn a_candidate_of_a_handler_axum() {
    let log = Log::listen();
    let built: Router = list().into_app(|router| router);
    let merged = Router::new().merge(list());
    for app in [built, merged] {
        for path in ["/annotated", "/inline"] {
            is_compared(async |page| ask(&app, page).await, &log, path).await;
        }
        for number in 0..pairs().len() {
            let path = format!("/registered/{number}");
            is_compared(async |page| ask(&app, page).await, &log, &path).await;
            // Closures of one place are one handler, and two of them log less than is suppressed.
            if number % 2 == 1 {
                log.count_anew();
            }
        }
        is_compared_to_enforced(async |page| ask(&app, page).await, &log, "/to-enforced").await;
        is_compared_from_enforced(async |page| ask(&app, page).await, &log, "/from-enforced").await;
        log.count_anew();
    }
    is_in_the_table(&list().table(), "::annotated");
}

#[tokio::test]
async fn a_candidate_of_a_layer_axum() {
    let log = Log::listen();
    let plain = || Router::<()>::new().route("/plain", put(async || ()));
    let layered = plain().layer(CorsLayer::new(pair()));
    is_compared(async |page| ask(&layered, page).await, &log, "/plain").await;
    log.count_anew();
    let default: Router = routes![open].default_policy(pair()).into_app(|app| app.merge(plain()));
    is_compared(async |page| ask(&default, page).await, &log, "/plain").await;
    log.count_anew();
    let enforcing = PolicyRef::from(&FRONT_END).with_candidate(&ENFORCED);
    let layered = plain().layer(CorsLayer::new(enforcing));
    is_compared_to_enforced(async |page| ask(&layered, page).await, &log, "/plain").await;
    let enforced = PolicyRef::from(&ENFORCED).with_candidate(&FRONT_END);
    let layered = plain().layer(CorsLayer::new(enforced));
    is_compared_from_enforced(async |page| ask(&layered, page).await, &log, "/plain").await;
}

#[tokio::test]
async fn candidates_of_nested_policies_axum() {
    let log = Log::listen();
    let inside = |cors| Router::<()>::new().merge(routes![annotated, open]).layer(cors);
    let nested = inside(CorsLayer::new(&EVERYBODY));
    is_compared_nested(async |page| ask(&nested, page).await, &log, "/annotated").await;
    log.count_anew();
    let layered = inside(CorsLayer::new(pair()));
    let enforced = PolicyRef::from(&EVERYBODY).with_candidate(&ENFORCED);
    let enforced = inside(CorsLayer::new(enforced));
    let (layered, enforced) =
        (async |page| ask(&layered, page).await, async |page| ask(&enforced, page).await);
    speaks_for_itself(layered, enforced, &log, "/open").await;
}

#[tokio::test]
async fn differences_are_limited_axum() {
    let app: Router = list().into_app(|router| router);
    let log = Log::listen();
    is_limited(async |page| ask(&app, page).await, &log, "/limited").await;
}

#[tokio::test]
async fn candidates_that_cannot_be_asked_axum() {
    let [not_set, panicking] = unknown();
    let app: Router = Routes::new()
        .on(MethodFilter::PUT, "/not-set", async || (), not_set)
        .on(MethodFilter::PUT, "/panicking", async || (), panicking)
        .into_app(|router| router);
    let log = Log::listen();
    is_unknown(async |page| ask(&app, page).await, &log, ["/not-set", "/panicking"]).await;
}
