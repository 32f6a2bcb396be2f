//! Lists of another party. A test bears the row of the field's table that it is about.

use std::sync::Arc;

use axum::Router;
use axum::routing::put;
use cors_axum::{CorsLayer, Policy, PolicyCell};

use super::ask;
use crate::foreign_lists::*;
use crate::talk::{APP, Ask, EVIL};

fn app(policy: Policy) -> Router {
    Router::new().route("/", put(|| async { "" })).layer(CorsLayer::new(policy))
}

/// D6: a service starts with what no browser asks for in its configuration, where it asks for that.
#[tokio::test]
async fn d6_a_configuration_that_asks_for_too_much_axum() {
    assert_eq!(rules(&from_configuration().build().unwrap_err()), CONFIGURATION);
    let tolerated = from_configuration().build_tolerant().unwrap();
    assert_eq!(rules(&tolerated.warnings.unwrap()), CONFIGURATION);
    let app = app(tolerated.policy);
    let preflight =
        Ask::before(APP, "PUT", "/").with("access-control-request-headers", "content-type");
    let answer = ask(&app, preflight).await;
    answer.allows(APP, "PUT");
    assert_eq!(answer.lines("access-control-allow-headers"), ["content-type"]);
    assert_eq!(answer.lines("access-control-max-age"), ["86400"]);
    ask(&app, Ask::before(EVIL, "PUT", "/")).await.rejects();
}

/// D7: a danger that no origin runs into is a warning, and allows nothing.
#[tokio::test]
async fn d7_a_danger_that_nothing_needs_axum() {
    let refused = with_needless_danger().build().unwrap_err();
    let tolerated = with_needless_danger().build_tolerant().unwrap();
    assert_eq!(tolerated.warnings.unwrap(), refused);
    let app = app(tolerated.policy);
    ask(&app, Ask::from(APP, "PUT", "/")).await.reads(APP, 200);
    ask(&app, Ask::from("http://app.example.com", "PUT", "/")).await.hides(200);
}

/// G10, G11: a list that is refused is refused at once and in few words, and changes nothing.
#[tokio::test]
async fn g10_g11_lists_that_are_refused_axum() {
    let cell: Arc<PolicyCell> =
        Arc::new(Policy::builder().methods(["PUT"]).build_cell([]).unwrap());
    let app: Router =
        Router::new().route("/", put(|| async { "" })).layer(CorsLayer::new(Arc::clone(&cell)));
    cell.set_origins([APP]).unwrap();
    let long = cell.set_origins(long_hosts()).unwrap_err();
    assert!(long.len() >= 3, "{long}");
    assert_told(&long, long.len());
    assert_told(&cell.set_origins(mistakes()).unwrap_err(), 100_000);
    ask(&app, Ask::before(APP, "PUT", "/")).await.allows(APP, "PUT");
    ask(&app, Ask::before("https://t0.example.com", "PUT", "/")).await.rejects();
}

/// G12: origins that were chosen to collide are origins as any other.
#[tokio::test]
async fn g12_origins_that_collide_axum() {
    let origins = colliding();
    let app = app(Policy::builder().origins(origins.clone()).build().unwrap());
    for origin in origins.iter().step_by(2_011) {
        ask(&app, Ask::from(origin, "PUT", "/")).await.reads(origin, 200);
        let other = origin.replace(".app.com", ".app.net");
        ask(&app, Ask::from(&other, "PUT", "/")).await.hides(200);
    }
}

/// G13: of many wildcards, however deep, each allows what is below it, and nothing else.
#[tokio::test]
async fn g13_wildcards_of_every_depth_axum() {
    let app = app(Policy::builder().origins(wildcards()).build().unwrap());
    for origin in below_a_wildcard() {
        ask(&app, Ask::from(&origin, "PUT", "/")).await.reads(&origin, 200);
    }
    for origin in below_no_wildcard() {
        ask(&app, Ask::from(&origin, "PUT", "/")).await.hides(200);
    }
}

/// G13: an origin is read once for all patterns, and each of them counts.
#[tokio::test]
async fn g13_patterns_that_are_one_axum() {
    let app = app(Policy::builder().origin_patterns(patterns()).build().unwrap());
    for origin in of_a_pattern() {
        ask(&app, Ask::from(&origin, "PUT", "/")).await.reads(&origin, 200);
    }
    for origin in OF_NO_PATTERN {
        ask(&app, Ask::from(origin, "PUT", "/")).await.hides(200);
    }
}
