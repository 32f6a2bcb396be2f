//! A policy that is known where the program is deployed, around an app.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use actix_web::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ORIGIN};
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, HttpResponse, web};
use cors_actix::{Cors, Policy, PolicySpec, Rule};
use serde::Deserialize;
use serde::de::value::{Error, MapDeserializer};

async fn assert_allows_previews(policy: Policy) {
    let app = App::new()
        .wrap(Cors::new(policy))
        .route("/", web::get().to(async || HttpResponse::NoContent()));
    let app = init_service(app).await;
    for (origin, is_allowed) in [
        ("https://pr-7.example.com", true),
        ("https://pr-x.example.com", false),
        ("https://pr-7.example.com.evil.example", false),
    ] {
        let request = TestRequest::get().uri("/").insert_header((ORIGIN, origin));
        let response = call_service(&app, request.to_request()).await;
        let is_readable = response.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN);
        assert_eq!(is_readable, is_allowed, "{origin}");
    }
}

#[actix_web::test]
async fn origin_patterns_at_run_time() {
    let patterns = [r"^https://pr-[0-9]+\.example\.com$"];
    let policy = Policy::builder().origin_patterns(patterns).credentials().build().unwrap();
    assert_allows_previews(policy).await;

    let open = Policy::builder().origin_patterns([r"^https://pr-[0-9]+.example\.com$"]);
    let violations = open.build().unwrap_err();
    assert_eq!(violations.iter().next().unwrap().rule(), Rule::PatternOpenSites);
}

#[actix_web::test]
async fn a_policy_from_configuration() {
    let settings =
        [("origin_patterns", r"^https://pr-[0-9]+\.example\.com$"), ("credentials", "true")];
    let spec = PolicySpec::deserialize(MapDeserializer::<_, Error>::new(settings.into_iter()));
    assert_allows_previews(spec.unwrap().build().unwrap()).await;
}
