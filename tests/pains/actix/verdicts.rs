//! Pains 9, 14 and 15: who is rejected, and who gets to know why.

use std::sync::atomic::{AtomicUsize, Ordering};

use actix_http::Request;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::test::init_service;
use actix_web::web::{self, ServiceConfig};
use actix_web::{App, Error, Responder, post, put};
use cors_actix::{Cors, cors, policy, routes};

use super::{ask, authenticate};
use crate::log::Log;
use crate::talk::{APP, Ask, EVIL};

policy! { static FRONT_END = { origins = ["https://app.example.com"], credentials } }

#[cors(policy = FRONT_END)]
#[put("/me")]
async fn update_me() -> impl Responder {
    ""
}

static SENT: AtomicUsize = AtomicUsize::new(0);

#[cors(origins = ["https://app.example.com"])]
#[post("/feedback")]
async fn feedback() -> impl Responder {
    SENT.fetch_add(1, Ordering::Relaxed);
    ""
}

static ORDERED: AtomicUsize = AtomicUsize::new(0);

#[cors(origins = ["https://app.example.com"], enforce)]
#[post("/orders")]
async fn order() -> impl Responder {
    ORDERED.fetch_add(1, Ordering::Relaxed);
    ""
}

fn api(app: &mut ServiceConfig) {
    app.service(update_me).service(feedback).service(order);
}

async fn app() -> impl Service<Request, Response = ServiceResponse<impl MessageBody>, Error = Error>
{
    init_service(App::new().configure(api)).await
}

#[actix_web::test]
async fn pain_09_the_body_says_why_actix() {
    let list = || routes![update_me, feedback, order].explain(true);
    let plain = web::resource("/me").route(web::put().to(|| async { "" }));
    explains(&init_service(App::new().service(list())).await).await;
    explains(&init_service(list().into_app(App::new(), |app| app)).await).await;
    let scope = list().into_scope("", |scope| scope.wrap(from_fn(authenticate)));
    explains(&init_service(App::new().service(scope)).await).await;
    let cors = Cors::new(&FRONT_END).explain(true);
    explains(&init_service(App::new().service(plain).wrap(cors)).await).await;
    // A program that does not explain tells nothing, in every build.
    let app = app().await;
    for page in ["http://app.example.com", EVIL, "null"] {
        ask(&app, Ask::before(page, "PUT", "/me")).await.rejects();
    }
    ask(&app, Ask::before(APP, "put", "/me")).await.rejects();
}

/// `fetch(url, { method: "patch" })` is a classic: browsers send it as it was written.
async fn explains<S, B>(app: &S)
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody + 'static,
{
    let scheme = ask(app, Ask::before("http://app.example.com", "PUT", "/me")).await;
    scheme.explains_origin("only by the scheme");
    let case = ask(app, Ask::before(APP, "put", "/me")).await;
    case.explains_method(APP, "write it in upper case");
    let asked = Ask::before(APP, "PUT", "/me");
    let header = ask(app, asked.with("access-control-request-headers", "x-debug")).await;
    header.explains_header(APP, &[], "`x-debug`");
    // What a stranger wrote cannot act in the page or in the terminal.
    let stranger = ask(app, Ask::before("https://\u{9b}31m<b>", "PUT", "/me")).await;
    assert!(stranger.hides(403).body.is_ascii(), "{stranger:?}");
}

#[actix_web::test]
async fn pain_09_an_enforced_request_is_explained_actix() {
    let list = routes![update_me, feedback, order].explain(true);
    let app = init_service(list.into_app(App::new(), |app| app)).await;
    let rejected = ask(&app, Ask::from("http://app.example.com", "POST", "/orders")).await;
    rejected.explains_origin("only by the scheme");
}

#[actix_web::test]
async fn pain_09_the_log_says_why_actix() {
    let log = Log::listen();
    let plain = app().await;
    ask(&plain, Ask::before("http://app.example.com", "PUT", "/me")).await;
    let [line] = &log.take()[..] else { panic!("one line") };
    for part in [
        " INFO cors: ",
        "the origin `http://app.example.com` is not allowed here",
        "only by the scheme: the policy says `https`, the page is on `http`",
        "reason=\"origin-not-allowed\"",
        "origin=\"http://app.example.com\"",
        "preflight=true",
        "method=\"PUT\"",
        "path=\"/me\"",
        "verdicts::update_me\"",
        "nearest=\"https://app.example.com\"",
    ] {
        assert!(line.contains(part), "{part} is not in: {line}");
    }
    // Withheld from a page, rejected, allowed.
    ask(&plain, Ask::from(EVIL, "POST", "/feedback")).await;
    ask(&plain, Ask::from(EVIL, "POST", "/orders")).await;
    ask(&plain, Ask::from(APP, "POST", "/feedback")).await;
    let lines = log.take();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].contains("reason=\"response-withheld\""), "{lines:?}");
    assert!(lines[1].contains("reason=\"origin-enforced\""), "{lines:?}");
    // Who decides speaks, once: the middleware that knows the routes, the default policy.
    let list = routes![update_me, feedback];
    let cors = Cors::for_routes(&list.table()).default_policy(&FRONT_END);
    let app = App::new().service(list).route("/plain", web::get().to(|| async { "" })).wrap(cors);
    let app = init_service(app).await;
    ask(&app, Ask::before(EVIL, "GET", "/plain")).await.rejects();
    ask(&app, Ask::before(EVIL, "PUT", "/me")).await.rejects();
    ask(&app, Ask::from(EVIL, "POST", "/feedback")).await.hides(200);
    assert_eq!(log.take().len(), 3);
    // The same beside a route of the list: no handler serves the method, so the default decides.
    ask(&app, Ask::before(EVIL, "DELETE", "/me")).await.rejects();
    let [line] = &log.take()[..] else { panic!("one line") };
    assert!(line.contains("origin-not-allowed"), "{line}");
}

#[actix_web::test]
async fn pain_09_a_flood_is_no_flood_of_lines_actix() {
    let app = app().await;
    let log = Log::listen();
    for _ in 0..1000 {
        ask(&app, Ask::before(EVIL, "PUT", "/me")).await.rejects();
    }
    let lines = log.take().len();
    assert!((1..=30).contains(&lines), "{lines} lines");
    // And those that were left out are counted.
    log.rest();
    ask(&app, Ask::before(EVIL, "PUT", "/me")).await;
    let [line] = &log.take()[..] else { panic!("one line") };
    assert!(!line.contains("suppressed=0"), "{line}");
}

#[actix_web::test]
async fn pain_14_a_page_reaches_its_own_server_actix() {
    let app = app().await;
    // Browsers send `Origin` to their own server too. Without `enforce` no request is rejected.
    let own = "https://api.example.com";
    ask(&app, Ask::from(own, "POST", "/feedback").with("host", "api.example.com")).await.hides(200);
    // With it, the browser vouches for the page, whatever proxies make of `Host`.
    let vouched = Ask::from(own, "POST", "/orders").with("sec-fetch-site", "same-origin");
    ask(&app, vouched.with("host", "10.0.0.7:8080")).await.hides(200);
    for site in ["same-site", "cross-site", "same-origin, cross-site"] {
        let other = Ask::from(EVIL, "POST", "/orders").with("sec-fetch-site", site);
        ask(&app, other.with("host", "evil.example.net")).await.hides(403);
    }
    // Where nothing is rejected, such a request is not logged.
    let log = Log::listen();
    let vouched = Ask::from(own, "POST", "/feedback").with("sec-fetch-site", "same-origin");
    ask(&app, vouched).await;
    assert_eq!(log.take(), Vec::<String>::new());
}

#[actix_web::test]
async fn pain_15_rejecting_has_a_name_actix() {
    let app = app().await;
    // CORS guards reading: what a page sends arrives.
    ask(&app, Ask::from(EVIL, "POST", "/feedback")).await.hides(200);
    assert!(SENT.load(Ordering::Relaxed) > 0);
    // `enforce` guards the handler, and leaves programs alone.
    let before = ORDERED.load(Ordering::Relaxed);
    ask(&app, Ask::from(EVIL, "POST", "/orders")).await.hides(403);
    ask(&app, Ask::from("null", "POST", "/orders")).await.hides(403);
    ask(&app, Ask::from(APP, "POST", "/orders").with("origin", EVIL)).await.hides(403);
    ask(&app, Ask::new("POST", "/orders")).await.hides(200);
    ask(&app, Ask::from(APP, "POST", "/orders")).await.reads(APP, 200);
    assert!(ORDERED.load(Ordering::Relaxed) >= before + 2);
}
