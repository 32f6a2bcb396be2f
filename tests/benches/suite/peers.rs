//! The same policy in the middlewares that others wrote.

use actix_web::App;
use http::{HeaderName, HeaderValue, Method};
use std::time::Duration;
use tower::Layer;
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::ask::origin;
use super::{Serve, Stack, on_actix, on_axum, on_tower};

fn tower_http(origins: usize) -> CorsLayer {
    let origins = (0..origins)
        .map(|number| HeaderValue::try_from(origin(number)).expect("an origin is a header value"));
    let names = |names: &[&'static str]| -> Vec<HeaderName> {
        names.iter().map(|name| HeaderName::from_static(name)).collect()
    };
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers(names(&["authorization", "content-type", "x-requested-with"]))
        .expose_headers(names(&["x-request-id", "x-total-count"]))
        .max_age(Duration::from_secs(3600))
}

fn actix_cors(origins: usize) -> actix_cors::Cors {
    (0..origins)
        .map(origin)
        .fold(actix_cors::Cors::default(), |cors, origin| cors.allowed_origin(&origin))
        .supports_credentials()
        .allowed_methods(["GET", "POST", "PUT", "DELETE"])
        .allowed_headers(["authorization", "content-type", "x-requested-with"])
        .expose_headers(["x-request-id", "x-total-count"])
        .max_age(3600)
}

/// Ten origins, two headers.
pub(super) fn stacks() -> Vec<Stack> {
    let (tower, axum, actix) = ("tower bare", "axum bare", "actix bare");
    let app = App::new().wrap(actix_cors(10)).service(on_actix::handler);
    vec![
        Stack::new(
            "tower tower-http",
            tower,
            on_tower::serve(tower_http(10).layer(on_tower::service::<2>())),
        ),
        Stack::new(
            "axum tower-http inside",
            axum,
            on_axum::served(on_axum::app().layer(tower_http(10))),
        ),
        Stack::new(
            "axum tower-http outside",
            axum,
            on_axum::serve(tower_http(10).layer(on_axum::app().with_state(()))),
        ),
        Stack::new("actix actix-cors", actix, on_actix::started!(app)),
    ]
}

/// tower-http as it is used most, with so many origins.
pub(super) fn of(origins: usize) -> impl Serve {
    on_axum::served(on_axum::app().layer(tower_http(origins)))
}
