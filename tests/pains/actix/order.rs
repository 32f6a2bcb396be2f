//! Pain 20: the order of middlewares. An annotation has none, and a self-check finds what
//! stands outside of everything.

use std::sync::atomic::{AtomicUsize, Ordering};

use actix_http::Request;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::middleware::{Logger, from_fn};
use actix_web::test::init_service;
use actix_web::web::{self, ServiceConfig};
use actix_web::{App, Error, Responder, get, patch, put, route};
use actix_web_lab::middleware::CatchPanic;
use cors_actix::{Cors, Policy, Routes, check, cors, routes};

use super::{ask, authenticate, limit_rate, redirect};
use crate::log::Log;
use crate::talk::{ADMIN, APP, Ask, EVIL};
use crate::unasked;

#[cors(origins = ["https://app.example.com"], credentials)]
#[get("/users/{id}")]
async fn read() -> impl Responder {
    ""
}

#[cors(origins = ["https://*.example.com"])]
#[put("/users/{id}")]
async fn update() -> impl Responder {
    ""
}

#[cors(origins = "*")]
#[get("/files/{path:.*}")]
async fn file() -> impl Responder {
    ""
}

#[cors(none)]
#[get("/internal")]
async fn internal() -> impl Responder {
    ""
}

fn list() -> Routes {
    routes![read, update, file, internal].nest("/api")
}

fn api(app: &mut ServiceConfig) {
    app.service(web::scope("/api").service(read).service(update).service(file).service(internal));
}

/// What the check finds wrong with an app.
async fn findings<S, B>(app: &S) -> String
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    check(app, &list().table()).await.unwrap_err().to_string()
}

#[actix_web::test]
async fn pain_20_annotations_have_no_order_actix() {
    // Inside or outside of another policy, and of other middlewares: the same.
    let outer = || Cors::new(Policy::builder().origins([ADMIN]).build().unwrap());
    let one = App::new().configure(api).wrap(outer()).wrap(CatchPanic::default());
    let one = init_service(one).await;
    let other = App::new().wrap(CatchPanic::default()).wrap(Logger::default()).wrap(outer());
    let other = init_service(other.configure(api)).await;
    check(&one, &list().table()).await.unwrap();
    check(&other, &list().table()).await.unwrap();
    ask(&one, Ask::before(APP, "GET", "/api/users/1")).await.grants(APP, "GET");
    ask(&one, Ask::before(ADMIN, "GET", "/api/users/1")).await.refuses();
    ask(&other, Ask::before(APP, "GET", "/api/users/1")).await.grants(APP, "GET");
    ask(&other, Ask::before(ADMIN, "GET", "/api/users/1")).await.refuses();
}

#[actix_web::test]
async fn pain_20_the_check_passes_what_works_actix() {
    let plain = init_service(App::new().configure(api)).await;
    check(&plain, &list().table()).await.unwrap();
    let outside = App::new().configure(api).wrap(from_fn(authenticate)).wrap(Cors::around(&list()));
    check(&init_service(outside).await, &list().table()).await.unwrap();
}

#[actix_web::test]
async fn pain_20_the_check_finds_what_stands_outside_actix() {
    let app = init_service(App::new().configure(api).wrap(from_fn(authenticate))).await;
    let found = findings(&app).await;
    assert!(found.contains("GET /api/users/{id}") && found.contains("order.rs:"), "{found}");
    assert!(found.contains("PUT /api/users/{id}"), "{found}");
    assert!(found.contains("is answered 401"), "{found}");

    let app = init_service(App::new().configure(api).wrap(from_fn(limit_rate))).await;
    let found = findings(&app).await;
    assert!(found.contains("a rate limit outside counts it"), "{found}");

    let app = init_service(App::new().configure(api).wrap(from_fn(redirect))).await;
    let found = findings(&app).await;
    assert!(found.contains("browsers follow no redirect of a preflight"), "{found}");

    // Registered elsewhere, or not at all.
    let app = App::new().service(read).service(update).service(file).service(internal);
    let found = findings(&init_service(app).await).await;
    assert!(found.contains("is it registered, under this path?"), "{found}");

    // Told about other paths than those that it sees.
    let unprefixed = Cors::around(&routes![read, update, file, internal]);
    let app = App::new().configure(api).wrap(from_fn(authenticate)).wrap(unprefixed);
    assert!(findings(&init_service(app).await).await.contains("is answered 401"));
}

#[actix_web::test]
async fn pain_20_the_check_finds_who_answers_for_everybody_actix() {
    let generous = Cors::new(Policy::builder().origins(["*"]).build().unwrap());
    let app = App::new().default_service(web::to(|| async { "" })).wrap(generous);
    let found = findings(&init_service(app).await).await;
    assert!(found.contains("a preflight that the policy refuses is granted"), "{found}");
}

static REPLACED: AtomicUsize = AtomicUsize::new(0);

#[cors(origins = ["https://app.example.com"], methods = ["PUT"], credentials)]
#[route("/plan", method = "POST", method = "PUT", method = "DELETE")]
async fn replace_plan() -> impl Responder {
    REPLACED.fetch_add(1, Ordering::Relaxed);
    ""
}

#[cors(none)]
#[patch("/plan")]
async fn patch_plan() -> impl Responder {
    REPLACED.fetch_add(1, Ordering::Relaxed);
    ""
}

fn everybody() -> Cors {
    let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    Cors::new(Policy::builder().origins(["*"]).headers(["*"]).methods(methods).build().unwrap())
}

#[actix_web::test]
async fn pain_20_who_is_not_asked_refuses_later_actix() {
    // A middleware eats preflights before they come to the handler.
    let plan = web::scope("/api").service(replace_plan).service(patch_plan);
    let app = App::new().service(plan).wrap(from_fn(authenticate)).wrap(everybody());
    let app = init_service(app).await;
    unasked::decides_later(async |page| ask(&app, page).await, &REPLACED).await;
    // The log says what happened, and the check finds it before.
    let log = Log::listen();
    let sent = Ask::from(EVIL, "PUT", "/api/plan").with("authorization", "Bearer 7");
    ask(&app, sent).await.hides(403);
    unasked::is_said(&log);
    let found = check(&app, &routes![replace_plan, patch_plan].nest("/api").table()).await;
    let found = found.unwrap_err().to_string();
    assert!(found.contains("a preflight that the policy refuses is granted"), "{found}");
}
