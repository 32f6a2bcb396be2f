//! The pages' server. Which of the four pages it is, a page reads off its own host name.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, get};
use axum::{Json, Router};
use serde::Serialize;

use super::ports::Ports;

/// Where the page finds the APIs.
#[derive(Debug, Clone, Serialize)]
struct Addresses {
    axum: String,
    actix: String,
}

pub(super) fn app(ports: Ports) -> Router {
    let addresses = Addresses { axum: ports.axum_api(), actix: ports.actix_api() };
    Router::new()
        .route("/", file("text/html", include_str!("../../pages/index.html")))
        .route("/style.css", file("text/css", include_str!("../../pages/style.css")))
        .route("/calls.js", file("text/javascript", include_str!("../../pages/calls.js")))
        .route("/page.js", file("text/javascript", include_str!("../../pages/page.js")))
        .route("/addresses.json", get(async || Json(addresses)))
}

/// Never cached, so that a page always belongs to the program that runs.
fn file(kind: &'static str, content: &'static str) -> MethodRouter {
    get(move || async move {
        ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-store")], content).into_response()
    })
}
