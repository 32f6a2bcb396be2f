//! Pain 20: the order of middlewares. An annotation has none, and a self-check finds what
//! stands outside of everything.

use actix_http::Request;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::http::header::HeaderValue;
use actix_web::middleware::{Logger, Next, from_fn};
use actix_web::test::init_service;
use actix_web::web::{self, ServiceConfig};
use actix_web::{App, Error, HttpResponse, Responder, get, put};
use actix_web_lab::middleware::CatchPanic;
use cors_actix::{Cors, Policy, Routes, check, cors, routes};

use super::{ask, authenticate, limit_rate, redirect};
use crate::talk::{ADMIN, APP, Ask};

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
    app.service(routes![read, update, file, internal].nest("/api"));
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
    // Inside or outside of other middlewares: the same.
    let one = init_service(App::new().configure(api).wrap(CatchPanic::default())).await;
    let other = App::new().wrap(CatchPanic::default()).wrap(Logger::default());
    let other = init_service(other.configure(api)).await;
    // Outside of a policy that is not given them, and inside of one that is.
    let admins = || Policy::builder().origins([ADMIN]).build().unwrap();
    let plain = web::scope("/plain").wrap(Cors::new(admins()));
    let beside = init_service(App::new().service(plain).configure(api)).await;
    let cors = Cors::for_routes(&list().table()).default_policy(admins());
    let inside = init_service(App::new().configure(api).wrap(cors)).await;
    check(&one, &list().table()).await.unwrap();
    check(&other, &list().table()).await.unwrap();
    check(&beside, &list().table()).await.unwrap();
    check(&inside, &list().table()).await.unwrap();
    for page in [APP, ADMIN] {
        let preflight = || Ask::before(page, "GET", "/api/users/1");
        let answers = [
            ask(&one, preflight()).await,
            ask(&other, preflight()).await,
            ask(&beside, preflight()).await,
            ask(&inside, preflight()).await,
        ];
        for answer in answers {
            if page == APP {
                answer.allows(APP, "GET")
            } else {
                answer.rejects()
            };
        }
    }
}

#[actix_web::test]
async fn pain_20_the_check_passes_what_works_actix() {
    let plain = init_service(App::new().configure(api)).await;
    check(&plain, &list().table()).await.unwrap();
    let built = list().into_app(App::new(), |app| app.wrap(from_fn(authenticate)));
    check(&init_service(built).await, &list().table()).await.unwrap();
    let by_hand = App::new().configure(api).wrap(from_fn(authenticate));
    let by_hand = by_hand.wrap(Cors::for_routes(&list().table()));
    check(&init_service(by_hand).await, &list().table()).await.unwrap();
}

/// B6: the most common way to write it.
#[actix_web::test]
async fn pain_20_the_check_finds_what_stands_outside_actix() {
    let app = init_service(App::new().configure(api).wrap(from_fn(authenticate))).await;
    let found = findings(&app).await;
    assert!(found.contains("GET /api/users/{id}") && found.contains("order.rs:"), "{found}");
    assert!(found.contains("PUT /api/users/{id}"), "{found}");
    assert!(found.contains("is answered 401"), "{found}");
    assert!(found.contains("put authentication between CORS and the handlers"), "{found}");
    assert!(found.contains("`into_scope` (actix-web)"), "{found}");

    let app = init_service(App::new().configure(api).wrap(from_fn(limit_rate))).await;
    let found = findings(&app).await;
    assert!(found.contains("a rate limit outside counts it"), "{found}");

    let app = init_service(App::new().configure(api).wrap(from_fn(redirect))).await;
    let found = findings(&app).await;
    assert!(found.contains("browsers follow no redirect of a preflight"), "{found}");

    // Registered elsewhere, or not at all.
    let app = App::new().service(routes![read, update, file, internal]);
    let found = findings(&init_service(app).await).await;
    assert!(found.contains("is it registered, under this path?"), "{found}");

    // Given other paths than those that it sees.
    let unprefixed = Cors::for_routes(&routes![read, update, file, internal].table());
    let app = App::new().configure(api).wrap(from_fn(authenticate)).wrap(unprefixed);
    assert!(findings(&init_service(app).await).await.contains("is answered 401"));
}

/// B7: another library's policy outside, which answers for all handlers.
#[actix_web::test]
async fn pain_20_the_check_finds_who_answers_for_everybody_actix() {
    async fn permissive<B: MessageBody>(
        request: ServiceRequest,
        next: Next<B>,
    ) -> Result<ServiceResponse<EitherBody<B>>, Error> {
        let mut response = if request.method() == "OPTIONS" {
            request.into_response(HttpResponse::Ok()).map_into_right_body()
        } else {
            next.call(request).await?.map_into_left_body()
        };
        for name in ["access-control-allow-origin", "access-control-allow-methods"] {
            let name = actix_web::http::header::HeaderName::from_static(name);
            response.headers_mut().insert(name, HeaderValue::from_static("*"));
        }
        Ok(response)
    }
    let app = list().into_app(App::new(), |app| app).wrap(from_fn(permissive));
    let found = findings(&init_service(app).await).await;
    assert!(found.contains("a preflight that the policy rejects is granted"), "{found}");

    let generous = Cors::new(Policy::builder().origins(["*"]).build().unwrap());
    let found = findings(&init_service(App::new().configure(api).wrap(generous)).await).await;
    assert!(found.contains("a preflight that the policy rejects is granted"), "{found}");
    assert!(found.contains("give that layer the list of routes"), "{found}");
}
