//! Pain 2: headers vanish on errors, and the front end sees "CORS error" in place of the 401,
//! 422 or 500 that it could handle.

use std::time::Duration;

use actix_http::Request;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::error::{ErrorInternalServerError, ErrorRequestTimeout};
use actix_web::middleware::{Next, from_fn};
use actix_web::test::init_service;
use actix_web::web::{self, Json, JsonConfig, Path};
use actix_web::{App, Error, HttpResponse, Responder, get, put};
use actix_web_lab::middleware::CatchPanic;
use cors_actix::{Cors, cors, routes};

use super::{ask, authenticate, limit_rate};
use crate::talk::{APP, Ask, EVIL};

#[cors(origins = ["https://app.example.com"], credentials, headers = ["content-type"])]
#[put("/users/{id}")]
async fn update(id: Path<u32>, name: Json<String>) -> impl Responder {
    format!("{id}: {name}")
}

#[cors(origins = ["https://app.example.com"], credentials)]
#[get("/failing")]
async fn fail() -> Result<HttpResponse, Error> {
    Err(ErrorInternalServerError("the database is down"))
}

#[cors(origins = ["https://app.example.com"], credentials)]
#[get("/private", wrap = "from_fn(authenticate)")]
async fn private() -> impl Responder {
    "Ada"
}

#[cors(origins = ["https://app.example.com"], credentials)]
#[get("/limited", wrap = "from_fn(limit_rate)")]
async fn limited() -> impl Responder {
    "Ada"
}

#[cors(origins = ["https://app.example.com"], credentials)]
#[get("/panicking", wrap = "CatchPanic::default()")]
async fn panic_caught() -> &'static str {
    panic!("a bug")
}

#[cors(origins = ["https://app.example.com"], credentials)]
#[get("/panicking")]
async fn panic() -> &'static str {
    panic!("a bug")
}

#[cors(origins = ["https://app.example.com"], credentials)]
#[get("/slow", wrap = "from_fn(time_out)")]
async fn slow() -> &'static str {
    std::future::pending().await
}

/// actix has no timeout for handlers; this is how people write one.
async fn time_out<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let limit = Duration::from_millis(20);
    let answer = tokio::time::timeout(limit, next.call(request)).await;
    answer.unwrap_or_else(|_| Err(ErrorRequestTimeout("too slow")))
}

/// The allowed page reads the error, with cookies; another page reads nothing.
async fn both<S, B>(app: &S, status: u16, request: impl Fn(&str) -> Ask)
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody + 'static,
{
    let app_reads = ask(app, request(APP)).await;
    app_reads.reads(APP, status);
    assert_eq!(app_reads.lines("access-control-allow-credentials"), ["true"]);
    ask(app, request(EVIL)).await.hides(status);
}

#[actix_web::test]
async fn pain_02_headers_on_extractor_rejections_actix() {
    let app = init_service(App::new().service(update)).await;
    both(&app, 404, |page| Ask::from(page, "PUT", "/users/x").json("\"Ada\"")).await;
    both(&app, 400, |page| Ask::from(page, "PUT", "/users/1").json("\"Ada")).await;
    both(&app, 400, |page| Ask::from(page, "PUT", "/users/1").json("7")).await;
    both(&app, 400, |page| Ask::from(page, "PUT", "/users/1")).await;
}

#[actix_web::test]
async fn pain_02_headers_on_errors_of_handlers_actix() {
    let app = init_service(App::new().service(fail)).await;
    both(&app, 500, |page| Ask::from(page, "GET", "/failing")).await;
    assert_eq!(ask(&app, Ask::from(APP, "GET", "/failing")).await.body, "the database is down");
}

#[actix_web::test]
async fn pain_02_headers_on_errors_of_a_middleware_actix() {
    let app = init_service(App::new().service(private).service(limited)).await;
    both(&app, 401, |page| Ask::from(page, "GET", "/private")).await;
    both(&app, 429, |page| Ask::from(page, "GET", "/limited")).await;
}

#[actix_web::test]
async fn pain_02_headers_on_panics_actix() {
    let app = init_service(App::new().service(panic_caught)).await;
    both(&app, 500, |page| Ask::from(page, "GET", "/panicking")).await;

    // Where it belongs in most apps: around everything.
    let app = routes![panic].into_app(App::new(), |app| app.wrap(CatchPanic::default()));
    both(&init_service(app).await, 500, |page| Ask::from(page, "GET", "/panicking")).await;
}

#[actix_web::test]
async fn pain_02_headers_on_timeouts_actix() {
    let app = init_service(App::new().service(slow)).await;
    both(&app, 408, |page| Ask::from(page, "GET", "/slow")).await;
}

#[actix_web::test]
async fn pain_02_headers_on_bodies_that_are_too_large_actix() {
    let limit = JsonConfig::default().limit(10);
    let app = init_service(App::new().app_data(limit).service(update)).await;
    let long = format!("\"{}\"", "a".repeat(100));
    both(&app, 413, |page| Ask::from(page, "PUT", "/users/1").json(&long)).await;
}

#[actix_web::test]
async fn pain_02_headers_on_errors_of_a_scope_actix() {
    // Middlewares that were wrapped around a scope, or around the whole app, by hand.
    let list = || routes![fail, update];
    let scope = list().into_scope("/api", |scope| scope.wrap(from_fn(authenticate)));
    let in_a_scope = init_service(App::new().service(scope)).await;
    let app = list().nest("/api").into_app(App::new(), |app| app.wrap(from_fn(authenticate)));
    let around_the_app = init_service(app).await;
    let scope = web::scope("/api").service(list());
    let app = App::new().service(scope).wrap(from_fn(authenticate));
    let by_hand = init_service(app.wrap(Cors::for_routes(&list().nest("/api").table()))).await;
    both(&by_hand, 401, |page| Ask::from(page, "GET", "/api/failing")).await;
    both(&by_hand, 401, |page| Ask::from(page, "PUT", "/api/users/1")).await;
    both(&in_a_scope, 401, |page| Ask::from(page, "GET", "/api/failing")).await;
    both(&in_a_scope, 401, |page| Ask::from(page, "PUT", "/api/users/1")).await;
    both(&around_the_app, 401, |page| Ask::from(page, "GET", "/api/failing")).await;
    both(&around_the_app, 401, |page| Ask::from(page, "PUT", "/api/users/1")).await;
}

/// A3: a form can send a `POST` to any path, and its page should see that it went wrong. actix finds
/// no resource then, so which policy counts is decided from the list of routes alone.
#[actix_web::test]
async fn pain_02_a3_headers_on_methods_that_no_handler_serves_actix() {
    let app = routes![fail].into_app(App::new(), |app| app);
    both(&init_service(app).await, 404, |page| Ask::from(page, "POST", "/failing")).await;
    let signed_in =
        |page: &str| Ask::from(page, "POST", "/failing").with("authorization", "Bearer x");
    let app = routes![fail].into_app(App::new(), |app| app.wrap(from_fn(authenticate)));
    let app = init_service(app).await;
    both(&app, 404, signed_in).await;
    // Whether a handler without a policy would have run, who stops in front of it cannot know.
    ask(&app, Ask::from(APP, "POST", "/failing")).await.hides(401);
    // One that did run has none.
    let plain = || web::resource("/failing").route(web::post().to(HttpResponse::NotFound));
    let app = routes![fail].into_app(App::new(), |app| app.service(plain()));
    let app = init_service(app).await;
    ask(&app, Ask::from(APP, "POST", "/failing")).await.hides(404);
    // A handler of the app's own for that.
    let refuse = || async { HttpResponse::MethodNotAllowed().body("try another") };
    let app = routes![fail].into_app(App::new(), move |app| app.default_service(web::to(refuse)));
    let app = init_service(app).await;
    both(&app, 405, |page| Ask::from(page, "POST", "/failing")).await;
    let stranger = ask(&app, Ask::from(EVIL, "POST", "/failing")).await;
    assert_eq!(
        (stranger.body.as_str(), stranger.vary()),
        ("try another", vec!["origin".to_owned()])
    );
}
