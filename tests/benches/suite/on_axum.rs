//! axum: a router with one route.

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use axum::routing::get;
use cors_axum::{CorsLayer, routes};
use http::Request;
use tower::layer::util::Identity;
use tower::{Layer, Service};

use super::on_tower::{request, respond};
use super::{Serve, Served, Stack, now, policies};

/// The handlers, which differ by how many headers they set.
mod plain {
    use super::{Body, Response, respond};

    pub(super) async fn none() -> Response {
        respond(0, Body::from("hello"))
    }

    pub(super) async fn two() -> Response {
        respond(2, Body::from("hello"))
    }

    pub(super) async fn five() -> Response {
        respond(5, Body::from("hello"))
    }
}

/// The same, annotated.
mod annotated {
    use super::super::policies::{CELL, TEN};
    use super::{Response, plain};
    use cors_axum::cors;

    #[cors(policy = TEN)]
    #[get("/data")]
    pub(super) async fn none() -> Response {
        plain::none().await
    }

    #[cors(policy = TEN)]
    #[get("/data")]
    pub(super) async fn two() -> Response {
        plain::two().await
    }

    #[cors(policy = CELL)]
    #[get("/data")]
    pub(super) async fn cell() -> Response {
        plain::two().await
    }

    #[cors(policy = TEN)]
    #[get("/data")]
    pub(super) async fn five() -> Response {
        plain::five().await
    }
}

/// What layers are put on.
pub(super) fn app() -> Router {
    Router::new().route("/data", get(plain::two))
}

/// A router as a server calls it: `axum::serve` gives it its state once.
pub(super) fn served(router: Router) -> impl Serve {
    serve(router.with_state(()))
}

pub(super) fn serve(
    mut service: impl Service<Request<Body>, Response = Response, Error = Infallible>,
) -> impl Serve {
    Served::new(request, move |request| {
        let Ok(response) = now(service.call(request));
        response
    })
}

/// Ten origins, two headers.
pub(super) fn stacks() -> Vec<Stack> {
    let layer = CorsLayer::new(&policies::TEN);
    policies::cell();
    let bare = "axum bare";
    vec![
        Stack::new(bare, None, served(app())),
        Stack::new("axum layer of nothing", bare, served(app().layer(Identity::new()))),
        Stack::new("axum annotated", bare, served(routes![annotated::two].into_router())),
        Stack::new("axum annotated, a cell", bare, served(routes![annotated::cell].into_router())),
        Stack::new("axum CorsLayer inside", bare, served(app().layer(layer.clone()))),
        Stack::new("axum CorsLayer outside", bare, serve(layer.layer(app().with_state(())))),
        Stack::new("axum app annotated", bare, served(routes![annotated::two].into_app(|it| it))),
        Stack::new(
            "axum CorsLayer around annotated",
            bare,
            served(routes![annotated::two].into_router().layer(layer)),
        ),
    ]
}

/// Responses with no header and with five.
pub(super) fn shapes() -> Vec<Stack> {
    let bare = |handler| served(Router::new().route("/data", handler));
    vec![
        Stack::new("axum bare, 0 headers", None, bare(get(plain::none))),
        Stack::new(
            "axum annotated, 0 headers",
            "axum bare, 0 headers",
            served(routes![annotated::none].into_router()),
        ),
        Stack::new("axum bare, 5 headers", None, bare(get(plain::five))),
        Stack::new(
            "axum annotated, 5 headers",
            "axum bare, 5 headers",
            served(routes![annotated::five].into_router()),
        ),
    ]
}
