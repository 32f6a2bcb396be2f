//! Apps by which a policy could be lost.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use actix_http::Request;
use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, fn_service};
use actix_web::error::ErrorUnauthorized;
use actix_web::guard;
use actix_web::http::Method;
use actix_web::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
use actix_web::middleware::{Next, from_fn};
use actix_web::test::{TestRequest, init_service};
use actix_web::{App, Error, HttpResponse, web};
use cors_actix::{Routes, cors, policy, routes};

policy! {
    static PUBLIC = { origins = "*" }
    static PARTNER = { origins = ["https://partner.example.net"], credentials, headers = ["x-version"] }
    static APP = { origins = ["https://app.example.com"], credentials, enforce }
}

const PARTNER_ORIGIN: &str = "https://partner.example.net";

async fn ask<S, B>(app: &S, request: TestRequest) -> (u16, Option<String>)
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    match app.call(request.to_request()).await {
        Ok(it) => (
            it.status().as_u16(),
            it.headers().get(ACCESS_CONTROL_ALLOW_ORIGIN).map(|it| it.to_str().unwrap().to_owned()),
        ),
        Err(error) => {
            let it = error.error_response();
            (
                it.status().as_u16(),
                it.headers()
                    .get(ACCESS_CONTROL_ALLOW_ORIGIN)
                    .map(|it| it.to_str().unwrap().to_owned()),
            )
        }
    }
}

fn preflight(path: &str, method: &str, origin: &str) -> TestRequest {
    TestRequest::with_uri(path)
        .method(Method::OPTIONS)
        .insert_header((ORIGIN, origin))
        .insert_header((ACCESS_CONTROL_REQUEST_METHOD, method))
}

fn actual(path: &str, method: Method, origin: &str) -> TestRequest {
    TestRequest::with_uri(path).method(method).insert_header((ORIGIN, origin))
}

async fn secret() -> &'static str {
    "secret"
}

async fn authenticate<B: MessageBody>(
    _: ServiceRequest,
    _: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    Err(ErrorUnauthorized("who are you?"))
}

#[cors(policy = PARTNER)]
#[actix_web::put("/files/{name}")]
async fn put_file() -> &'static str {
    ""
}

/// A guarded scope that is asked before the list's.
#[actix_web::test]
async fn a_guarded_scope_before() {
    let app = init_service(
        App::new()
            .service(
                web::scope("/api")
                    .guard(guard::Header("x-version", "1"))
                    .route("/files/{name}", web::put().to(secret)),
            )
            .service(routes![put_file].into_scope("/api", |it| it)),
    )
    .await;
    let request = preflight("/api/files/a", "PUT", PARTNER_ORIGIN)
        .insert_header(("access-control-request-headers", "x-version"));
    assert_eq!(ask(&app, request).await.0, 403);
}

/// Paths with a tail: the preflight meets no middleware, and has the policy of its handler.
#[actix_web::test]
async fn a_tail() {
    let list = || {
        Routes::new().service(
            "/files/{path:.*}",
            || {
                fn_service(|request: ServiceRequest| async {
                    Ok::<_, Error>(request.into_response(HttpResponse::Ok().finish()))
                })
            },
            &PARTNER,
        )
    };
    let app = init_service(
        App::new().service(list().into_scope("/api", |it| it.wrap(from_fn(authenticate)))),
    )
    .await;
    for path in ["/api/files/a", "/api/files/a/b", "/api/files/a/b/c"] {
        assert_eq!(ask(&app, preflight(path, "PUT", PARTNER_ORIGIN)).await.0, 204, "{path}");
        let answer = ask(&app, actual(path, Method::PUT, PARTNER_ORIGIN)).await;
        assert_eq!(answer, (401, Some(PARTNER_ORIGIN.to_owned())), "{path}");
    }
    let app =
        init_service(App::new().service(list().default_policy(&APP).into_scope("/api", |it| it)))
            .await;
    for path in ["/api/files/a", "/api/files/a/b"] {
        assert_eq!(ask(&app, preflight(path, "PUT", PARTNER_ORIGIN)).await.0, 204, "{path}");
        assert_eq!(
            ask(&app, preflight(path, "PUT", "https://app.example.com")).await.0,
            403,
            "{path}"
        );
    }
}

/// A path that is written in another way: actix decodes it before it looks for the resource.
#[actix_web::test]
async fn an_encoded_path() {
    let app = init_service(
        App::new().route("/files/admin", web::put().to(secret)).service(routes![put_file]),
    )
    .await;
    for (path, status) in [("/files/a", 204), ("/files/admin", 403), ("/files/%61dmin", 403)] {
        assert_eq!(ask(&app, preflight(path, "PUT", PARTNER_ORIGIN)).await.0, status, "{path}");
    }
}
