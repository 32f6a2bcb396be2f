//! Pains 1, 8, 18 and 22: which headers stand on a response, and how often.

use actix_http::Request;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::test::init_service;
use actix_web::web::{self, ServiceConfig};
use actix_web::{App, Error, HttpResponse, Responder, get};
use cors_actix::{Cors, cors, policy};

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
async fn public() -> impl Responder {
    ""
}

#[cors(policy = FRONT_END)]
#[get("/me")]
async fn me() -> impl Responder {
    ""
}

#[cors(policy = FRONT_END)]
#[get("/private", wrap = "from_fn(authenticate)")]
async fn private() -> impl Responder {
    ""
}

#[cors(policy = FRONT_END)]
#[get("/compressed")]
async fn compressed() -> impl Responder {
    HttpResponse::Ok()
        .append_header(("vary", "Accept-Encoding"))
        .append_header(("vary", "Cookie, ORIGIN"))
        .finish()
}

#[cors(policy = FRONT_END)]
#[get("/anything")]
async fn anything() -> impl Responder {
    HttpResponse::Ok().append_header(("vary", "*")).finish()
}

/// Adds headers of its own, like a proxy or a forgotten helper.
#[cors(policy = FRONT_END)]
#[get("/proxied")]
async fn proxied() -> impl Responder {
    HttpResponse::Ok()
        .append_header(("access-control-allow-origin", "*"))
        .append_header(("access-control-allow-origin", "https://evil.example.net"))
        .append_header(("access-control-allow-credentials", "true"))
        .append_header(("access-control-expose-headers", "x-secret"))
        .finish()
}

fn api(app: &mut ServiceConfig) {
    app.service(public).service(me).service(private);
    app.service(compressed).service(anything).service(proxied);
}

async fn app() -> impl Service<Request, Response = ServiceResponse<impl MessageBody>, Error = Error>
{
    init_service(App::new().configure(api)).await
}

#[actix_web::test]
async fn pain_01_any_origin_is_a_star_actix() {
    let app = app().await;
    for page in [APP, EVIL, "null"] {
        let answer = ask(&app, Ask::from(page, "GET", "/public")).await;
        answer.reads("*", 200);
        assert!(answer.lines("access-control-allow-credentials").is_empty(), "{answer:?}");
    }
}

#[actix_web::test]
async fn pain_08_vary_actix() {
    let app = app().await;
    // On every response that depends on the origin: also where none was sent, or is not allowed.
    for ask_me in
        [Ask::from(APP, "GET", "/me"), Ask::from(EVIL, "GET", "/me"), Ask::new("GET", "/me")]
    {
        assert_eq!(ask(&app, ask_me).await.vary(), ["origin"]);
    }
    let preflight = ["access-control-request-headers", "access-control-request-method", "origin"];
    for page in [APP, EVIL] {
        assert_eq!(ask(&app, Ask::before(page, "GET", "/me")).await.vary(), preflight);
    }
    // On what middlewares answer.
    assert_eq!(ask(&app, Ask::new("GET", "/private")).await.vary(), ["origin"]);
    // Merged with what the handler says, not repeated, not lost.
    let merged = ask(&app, Ask::from(APP, "GET", "/compressed")).await;
    assert_eq!(merged.vary(), ["accept-encoding", "cookie", "origin"]);
    assert_eq!(ask(&app, Ask::from(APP, "GET", "/anything")).await.vary(), ["*"]);
    // A public response varies by nothing, so that caches may share it.
    let shared = ask(&app, Ask::from(APP, "GET", "/public")).await;
    assert!(shared.vary().is_empty(), "{shared:?}");
    // What the request says of `Vary` is never repeated (hono, GHSA-q7jf-gf43-6x6p).
    let injected = Ask::before(APP, "GET", "/me").with("vary", "x-injected");
    assert_eq!(ask(&app, injected).await.vary(), preflight);
    // Two policies around each other vary once.
    let app = App::new().configure(api).wrap(Cors::new(&FRONT_END)).wrap(Cors::new(&FRONT_END));
    let app = init_service(app).await;
    assert_eq!(ask(&app, Ask::from(APP, "GET", "/me")).await.vary(), ["origin"]);
}

#[actix_web::test]
async fn pain_18_headers_are_set_not_added_actix() {
    let app = app().await;
    let own = ask(&app, Ask::from(APP, "GET", "/proxied")).await;
    own.reads(APP, 200);
    assert_eq!(own.lines("access-control-expose-headers"), ["x-total"]);
    assert_eq!(own.lines("access-control-allow-credentials"), ["true"]);
    ask(&app, Ask::from(EVIL, "GET", "/proxied")).await.hides(200);
    ask(&app, Ask::new("GET", "/proxied")).await.hides(200);

    // The same inside a middleware.
    let plain = || async {
        HttpResponse::Ok().insert_header(("access-control-allow-origin", "*")).finish()
    };
    let app = App::new().route("/", web::get().to(plain)).wrap(Cors::new(&FRONT_END));
    let app = init_service(app).await;
    ask(&app, Ask::from(APP, "GET", "/")).await.reads(APP, 200);
    ask(&app, Ask::from(EVIL, "GET", "/")).await.hides(200);
}

#[actix_web::test]
async fn pain_22_a_rejected_page_is_told_nothing_actix() {
    let app = app().await;
    let withheld = ask(&app, Ask::from(EVIL, "GET", "/me")).await;
    assert_eq!(withheld.hides(200).vary(), ["origin"]);
    ask(&app, Ask::before(EVIL, "GET", "/me")).await.rejects();
}
