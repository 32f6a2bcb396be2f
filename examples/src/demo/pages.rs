//! The pages' server. Which of the four pages it is, a page reads off its own host name.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, get};
use axum::{Json, Router};
use serde::Serialize;

use super::predict::{self, Apis};

/// Where the page finds the APIs.
#[derive(Debug, Clone, Serialize)]
struct Addresses {
    axum: String,
    actix: String,
}

pub(super) fn app(apis: Apis) -> Router {
    let addresses = Addresses { axum: apis.ports.axum_api(), actix: apis.ports.actix_api() };
    let pages = predict::routes(apis).route("/addresses.json", get(async || Json(addresses)));
    FILES
        .into_iter()
        .fold(pages, |pages, (path, kind, content)| pages.route(path, file(kind, content)))
}

const FILES: [(&str, &str, &str); 15] = [
    ("/", "text/html", include_str!("../../pages/index.html")),
    ("/explore", "text/html", include_str!("../../pages/explore.html")),
    ("/style.css", "text/css", include_str!("../../pages/style.css")),
    ("/explore.css", "text/css", include_str!("../../pages/explore.css")),
    ("/calls.js", "text/javascript", include_str!("../../pages/calls.js")),
    ("/choice.js", "text/javascript", include_str!("../../pages/choice.js")),
    ("/dom.js", "text/javascript", include_str!("../../pages/dom.js")),
    ("/failure.js", "text/javascript", include_str!("../../pages/failure.js")),
    ("/origin.js", "text/javascript", include_str!("../../pages/origin.js")),
    ("/browser.js", "text/javascript", include_str!("../../pages/browser.js")),
    ("/prediction.js", "text/javascript", include_str!("../../pages/prediction.js")),
    ("/promises.js", "text/javascript", include_str!("../../pages/promises.js")),
    ("/page.js", "text/javascript", include_str!("../../pages/page.js")),
    ("/steps.js", "text/javascript", include_str!("../../pages/steps.js")),
    ("/explore.js", "text/javascript", include_str!("../../pages/explore.js")),
];

/// Never cached, so that a page always belongs to the program that runs.
fn file(kind: &'static str, content: &'static str) -> MethodRouter {
    get(move || async move {
        ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-store")], content).into_response()
    })
}
