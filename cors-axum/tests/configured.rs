//! A policy that is known where the program is deployed, around an app.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::routing::get;
use cors_axum::{CorsLayer, Policy, PolicySpec, Rule};
use serde::Deserialize;
use serde::de::value::{Error, MapDeserializer};
use tower::ServiceExt;

async fn is_readable(app: &Router, origin: &str) -> bool {
    let request = Request::builder().uri("/").header("origin", origin).body(Body::empty()).unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    response.headers().contains_key("access-control-allow-origin")
}

async fn assert_allows_previews(policy: Policy) {
    let app = Router::new().route("/", get(|| async {})).layer(CorsLayer::new(policy));
    assert!(is_readable(&app, "https://pr-7.example.com").await);
    assert!(!is_readable(&app, "https://pr-x.example.com").await);
    assert!(!is_readable(&app, "https://pr-7.example.com.evil.example").await);
}

#[tokio::test]
async fn origin_patterns_at_run_time() {
    let patterns = [r"^https://pr-[0-9]+\.example\.com$"];
    let policy = Policy::builder().origin_patterns(patterns).credentials().build().unwrap();
    assert_allows_previews(policy).await;

    let open = Policy::builder().origin_patterns([r"^https://pr-[0-9]+.example\.com$"]);
    let violations = open.build().unwrap_err();
    assert_eq!(violations.iter().next().unwrap().rule(), Rule::PatternOpenSites);
}

#[tokio::test]
async fn a_policy_from_configuration() {
    let settings =
        [("origin_patterns", r"^https://pr-[0-9]+\.example\.com$"), ("credentials", "true")];
    let spec = PolicySpec::deserialize(MapDeserializer::<_, Error>::new(settings.into_iter()));
    assert_allows_previews(spec.unwrap().build().unwrap()).await;
}
