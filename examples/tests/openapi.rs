//! The examples with OpenAPI: the routes have their policies, and the document lists them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use actix_web::{App, test as actix};
use axum::body::{Body, to_bytes};
use axum::http::Request;
use examples::openapi::{on_actix, on_axum};
use serde_json::Value;
use tower::ServiceExt;
use utoipa::openapi::OpenApi;

/// What both documents list.
const LISTED: [(&str, &str); 3] =
    [("/users/{id}", "get"), ("/users/{id}", "put"), ("/health", "get")];

fn assert_lists_all(document: &OpenApi, served: &[u8]) {
    let served: Value = serde_json::from_slice(served).unwrap();
    assert_eq!(served, serde_json::to_value(document).unwrap());
    let paths = served["paths"].as_object().unwrap();
    let listed = |(path, method): (&str, &str)| paths[path][method]["responses"]["200"].is_object();
    assert!(LISTED.into_iter().all(listed), "{served}");
    let listed: usize = paths.values().map(|path| path.as_object().unwrap().len()).sum();
    assert_eq!(listed, LISTED.len(), "{served}");
    assert_eq!(served["paths"]["/users/{id}"]["put"]["summary"], "Gives a user a name.");
    assert!(served["components"]["schemas"]["User"].is_object(), "{served}");
}

#[tokio::test]
async fn on_axum_every_route_has_its_policy_and_its_documentation() {
    let (app, document) = on_axum::app();
    cors_axum::check(app.clone(), &on_axum::table()).await.unwrap();

    let get =
        |path| Request::get(path).header("origin", "https://other.example").body(Body::empty());
    let user = app.clone().oneshot(get("/users/1").unwrap()).await.unwrap();
    assert_eq!(user.headers()["access-control-allow-origin"], "*");
    let health = app.clone().oneshot(get("/health").unwrap()).await.unwrap();
    assert!(health.status().is_success());
    assert!(!health.headers().contains_key("access-control-allow-origin"));

    let served = app.oneshot(get("/openapi.json").unwrap()).await.unwrap();
    assert_lists_all(&document, &to_bytes(served.into_body(), usize::MAX).await.unwrap());
}

#[actix_web::test]
async fn on_actix_every_route_has_its_policy_and_its_documentation() {
    let app = actix::init_service(App::new().service(on_actix::services())).await;
    cors_actix::check(&app, &on_actix::table()).await.unwrap();

    let get = |path| {
        let request = actix::TestRequest::get().uri(path);
        request.insert_header(("origin", "https://other.example")).to_request()
    };
    let user = actix::call_service(&app, get("/users/1")).await;
    assert_eq!(user.headers().get("access-control-allow-origin").unwrap(), "*");
    let health = actix::call_service(&app, get("/health")).await;
    assert!(health.status().is_success());
    assert!(!health.headers().contains_key("access-control-allow-origin"));

    let served = actix::call_and_read_body(&app, get("/openapi.json")).await;
    assert_lists_all(&on_actix::document(), &served);
}

#[test]
fn both_documents_are_the_same() {
    let without_tags = |document: &OpenApi| {
        let mut document = serde_json::to_value(document).unwrap();
        for operation in document["paths"].as_object_mut().unwrap().values_mut() {
            for operation in operation.as_object_mut().unwrap().values_mut() {
                operation.as_object_mut().unwrap().remove("tags");
            }
        }
        document
    };
    assert_eq!(without_tags(&on_axum::app().1), without_tags(&on_actix::document()));
}
