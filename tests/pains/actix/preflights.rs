//! Pains 3, 4, 10, 16, 17 and 19: whether a preflight arrives, and what it is answered.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::{Next, NormalizePath, from_fn};
use actix_web::test::init_service;
use actix_web::web::{self, Data, Path};
use actix_web::{App, Error, HttpResponse, Responder, delete, get, options, put};
use cors_actix::{Cors, cors, routes};

use super::{ask, authenticate, limit_rate, redirect};
use crate::talk::{APP, Ask, EVIL};

#[cors(origins = ["https://app.example.com"], credentials, headers = ["content-type", "x-api-key"])]
#[put("/users/{id}")]
async fn update(id: Path<u32>) -> impl Responder {
    id.to_string()
}

#[cors(origins = ["https://app.example.com"])]
#[delete("/items")]
async fn remove() -> impl Responder {
    ""
}

#[cors(origins = ["https://app.example.com"])]
#[get("/files/{path:.*}")]
async fn file(path: Path<String>) -> impl Responder {
    path.into_inner()
}

#[cors(origins = ["https://app.example.com"])]
#[put("/named")]
async fn named(name: Data<&'static str>) -> impl Responder {
    name.to_string()
}

#[cors(origins = ["https://app.example.com"])]
#[options("/users/{id}")]
async fn describe() -> impl Responder {
    "what this resource can do"
}

#[actix_web::test]
async fn pain_03_preflights_reach_every_route_actix() {
    let app = App::new()
        .app_data(Data::new("Ada"))
        .service(remove)
        .service(file)
        .service(web::scope("/api").service(web::scope("/v1").service(update)))
        .configure(|app| _ = app.service(named))
        .default_service(web::to(|| async { "the single page app" }));
    let app = init_service(app).await;
    for (method, path) in [
        ("DELETE", "/items"),
        ("GET", "/files/a/b/c.txt"),
        ("PUT", "/api/v1/users/1"),
        ("PUT", "/named"),
    ] {
        ask(&app, Ask::before(APP, method, path)).await.allows(APP, method);
        ask(&app, Ask::before(EVIL, method, path)).await.rejects();
    }
    // A path that is not registered is the default service's, and has no policy.
    ask(&app, Ask::before(APP, "GET", "/elsewhere")).await.hides(200);
    ask(&app, Ask::from(APP, "GET", "/files/a/b")).await.reads(APP, 200);
    assert_eq!(ask(&app, Ask::from(APP, "PUT", "/named")).await.body, "Ada");
}

#[cors(origins = ["https://app.example.com"], credentials, headers = ["content-type", "x-api-key"])]
#[put("/users/{id}", wrap = "from_fn(authenticate)")]
async fn update_wrapped(id: Path<u32>) -> impl Responder {
    id.to_string()
}

/// What an app with an authentication does with preflights and requests.
macro_rules! authenticates {
    ($app:expr, $path:literal) => {
        let app = init_service($app).await;
        ask(&app, Ask::before(APP, "PUT", $path)).await.allows(APP, "PUT");
        ask(&app, Ask::before(EVIL, "PUT", $path)).await.rejects();
        ask(&app, Ask::from(APP, "PUT", $path)).await.reads(APP, 401);
        let signed_in = Ask::from(APP, "PUT", $path).with("authorization", "Bearer x");
        ask(&app, signed_in).await.reads(APP, 200);
    };
}

#[actix_web::test]
async fn pain_04_authentication_never_meets_preflights_actix() {
    authenticates!(App::new().service(update_wrapped), "/users/1");

    let scope = routes![update].into_scope("/api", |scope| scope.wrap(from_fn(authenticate)));
    authenticates!(App::new().service(scope), "/api/users/1");
    let scope = routes![update].into_scope("/v1", |scope| scope.wrap(from_fn(authenticate)));
    authenticates!(App::new().service(web::scope("/api").service(scope)), "/api/v1/users/1");
    let app = routes![update].into_app(App::new(), |app| app.wrap(from_fn(authenticate)));
    authenticates!(app, "/users/1");

    // By hand, around more than what serves the list.
    let scope = web::scope("/api").service(web::scope("/v1").service(update));
    let routes = routes![update].nest("/api/v1").table();
    let app = App::new().service(scope).wrap(from_fn(authenticate)).wrap(Cors::for_routes(&routes));
    authenticates!(app, "/api/v1/users/1");
}

static COUNTED: AtomicUsize = AtomicUsize::new(0);

async fn count<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    COUNTED.fetch_add(1, Ordering::Relaxed);
    next.call(request).await
}

#[cors(origins = ["https://app.example.com"])]
#[put("/limited", wrap = "from_fn(limit_rate)", wrap = "from_fn(count)")]
async fn limited() -> impl Responder {
    ""
}

#[actix_web::test]
async fn pain_04_rate_limits_do_not_count_preflights_actix() {
    let app = init_service(App::new().service(limited)).await;
    for _ in 0..5 {
        ask(&app, Ask::before(APP, "PUT", "/limited")).await.allows(APP, "PUT");
    }
    assert_eq!(COUNTED.load(Ordering::Relaxed), 0);
    ask(&app, Ask::from(APP, "PUT", "/limited")).await.reads(APP, 429);
    assert_eq!(COUNTED.load(Ordering::Relaxed), 1);
}

#[actix_web::test]
async fn pain_10_only_preflights_are_taken_for_preflights_actix() {
    let app = init_service(App::new().service(routes![update, describe])).await;
    // `OPTIONS` of a page and of a program, but no preflight: there is nothing it asks for.
    let own = ask(&app, Ask::from(APP, "OPTIONS", "/users/1")).await;
    assert_eq!(own.reads(APP, 200).body, "what this resource can do");
    let own = ask(&app, Ask::new("OPTIONS", "/users/1")).await;
    assert_eq!(own.body, "what this resource can do");
    // No page asks.
    let own = Ask::new("OPTIONS", "/users/1").with("access-control-request-method", "PUT");
    assert_eq!(ask(&app, own).await.body, "what this resource can do");
    ask(&app, Ask::before(APP, "PUT", "/users/1")).await.allows(APP, "PUT");

    // A plain handler of a module without CORS, registered later.
    let own = web::resource("/users/{id}").route(
        web::method("OPTIONS".parse().unwrap())
            .to(|| async { HttpResponse::Ok().body("a plain handler") }),
    );
    let app = init_service(App::new().service(update).service(own)).await;
    let own = ask(&app, Ask::from(APP, "OPTIONS", "/users/1")).await;
    assert_eq!(own.hides(200).body, "a plain handler");
    ask(&app, Ask::before(APP, "PUT", "/users/1")).await.allows(APP, "PUT");
}

#[actix_web::test]
async fn pain_16_lists_of_header_names_actix() {
    let app = init_service(App::new().service(update)).await;
    let request = |lines: &[&str]| {
        let preflight = Ask::before(APP, "PUT", "/users/1");
        lines.iter().fold(preflight, |it, line| it.with("access-control-request-headers", line))
    };
    // Split by a gateway, with white space and gaps, unsorted, in any case.
    for lines in [
        &["content-type,x-api-key"][..],
        &["x-api-key", "content-type"],
        &["X-Api-Key , \tContent-Type"],
        &["", ",content-type,,"],
    ] {
        ask(&app, request(lines)).await.allows(APP, "PUT");
    }
    // A flood costs no time, and no memory beyond its own.
    let commas = ",".repeat(1 << 20);
    let names = "content-type,".repeat(80_000);
    let started = Instant::now();
    for flood in [&commas, &names] {
        ask(&app, request(&[flood])).await.rejects();
    }
    ask(&app, request(&vec![","; 10_000])).await.rejects();
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}

#[actix_web::test]
async fn pain_17_preflights_are_checked_actix() {
    let app = init_service(routes![update].into_app(App::new(), |app| app)).await;
    for method in ["GET, DELETE", "DELETE", "put", "PUT ", "*", "PUT\t,PUT"] {
        ask(&app, Ask::before(APP, method, "/users/1")).await.rejects();
        ask(&app, Ask::before(EVIL, method, "/users/1")).await.rejects();
    }
    for method in ["GET", "HEAD", "POST"] {
        ask(&app, Ask::before(APP, method, "/users/1")).await.rejects();
    }
    // Where a program explains, nothing is said of these: browsers send them whatever is said.
    let explained = routes![update].explain(true).into_app(App::new(), |app| app);
    let explained = init_service(explained).await;
    for method in ["GET", "HEAD", "POST"] {
        ask(&explained, Ask::before(APP, method, "/users/1")).await.hides(403);
    }
    for (headers, others) in [("x-secret", &[][..]), ("content-type, x-secret", &["content-type"])]
    {
        let asked = Ask::before(APP, "PUT", "/users/1");
        let asked = asked.with("access-control-request-headers", headers);
        ask(&explained, asked).await.explains_header(APP, others, "`x-secret`");
    }
    for headers in ["x-secret", "content-type, x-secret", "content-type x-api-key", "*", "a;b"] {
        let with = |preflight: Ask| preflight.with("access-control-request-headers", headers);
        ask(&app, with(Ask::before(APP, "PUT", "/users/1"))).await.rejects();
        ask(&app, with(Ask::before(EVIL, "PUT", "/users/1"))).await.rejects();
    }
    // What is allowed is what was asked for, no more.
    let preflight = Ask::before(APP, "PUT", "/users/1");
    let allowed = ask(&app, preflight.with("access-control-request-headers", "x-api-key")).await;
    allowed.allows(APP, "PUT");
    assert_eq!(allowed.lines("access-control-allow-headers"), ["x-api-key"]);
    // Two origins or two methods match no policy.
    let twice = Ask::before(APP, "PUT", "/users/1").with("origin", EVIL);
    ask(&app, twice).await.rejects();
    let twice = Ask::before(APP, "PUT", "/users/1").with("access-control-request-method", "GET");
    ask(&app, twice).await.rejects();

    // Without anything around, actix finds no handler for a method that none serves.
    let app = init_service(App::new().service(update)).await;
    ask(&app, Ask::before(APP, "DELETE", "/users/1")).await.hides(404);
}

#[cors(origins = ["https://app.example.com"])]
#[put("/redirected", wrap = "from_fn(redirect)")]
async fn redirected() -> impl Responder {
    ""
}

#[actix_web::test]
async fn pain_19_preflights_are_not_redirected_actix() {
    // Browsers follow no redirect of a preflight, and need headers on one of a request.
    let app = App::new()
        .service(redirected)
        .service(routes![update].into_scope("/api", |scope| scope.wrap(from_fn(redirect))));
    let app = init_service(app).await;
    for path in ["/redirected", "/api/users/1"] {
        ask(&app, Ask::before(APP, "PUT", path)).await.allows(APP, "PUT");
        ask(&app, Ask::from(APP, "PUT", path)).await.reads(APP, 308);
        ask(&app, Ask::from(EVIL, "PUT", path)).await.hides(308);
    }
}

#[actix_web::test]
async fn pain_19_trailing_slashes_actix() {
    // Inside of CORS, and outside of it.
    let inside = routes![update].into_app(App::new(), |app| app.wrap(NormalizePath::trim()));
    let inside = init_service(inside).await;
    let outside = routes![update].into_app(App::new(), |app| app).wrap(NormalizePath::trim());
    let outside = init_service(outside).await;
    for path in ["/users/1", "/users/1/"] {
        ask(&inside, Ask::before(APP, "PUT", path)).await.allows(APP, "PUT");
        ask(&inside, Ask::from(APP, "PUT", path)).await.reads(APP, 200);
        ask(&outside, Ask::before(APP, "PUT", path)).await.allows(APP, "PUT");
        ask(&outside, Ask::from(APP, "PUT", path)).await.reads(APP, 200);
    }
}
