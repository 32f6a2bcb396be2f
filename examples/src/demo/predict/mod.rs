//! What a visitor's browser will do with a call to the demo, and why: the browser for tests makes the
//! call to an app that is built for it, in the program itself.
//!
//! What visitors send is bounded, nothing is sent over a socket, and what handlers do is done to a
//! copy of what the real APIs hold.

mod call;
mod outcome;
mod run;

use std::sync::Arc;

use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use cors_axum::RouteTable;
use serde::Serialize;
use tokio::sync::Semaphore;

use self::call::Call;
use self::run::predict;
use super::ports::Ports;
use super::store::Store;
use super::{actix_table, axum_table};

/// The size of a call, in bytes of JSON.
const LARGEST_CALL: usize = 16 * 1024;
/// How many calls are made at the same time; the others wait.
const MOST_AT_ONCE: usize = 2;

/// What the two APIs are, and hold.
#[derive(Debug, Clone)]
pub(super) struct Apis {
    pub(super) ports: Ports,
    pub(super) axum: Store,
    pub(super) actix: Store,
}

/// The policies of both APIs, as the documents that a lock is.
#[derive(Serialize)]
struct Tables {
    axum: RouteTable,
    actix: RouteTable,
}

/// Why there is no prediction.
#[derive(Debug, Serialize)]
struct Problem {
    error: String,
}

#[derive(Debug, Clone)]
struct Desk {
    apis: Apis,
    free: Arc<Semaphore>,
}

/// `GET /routes.json`, and `POST /prediction`.
pub(super) fn routes(apis: Apis) -> Router {
    let desk = Desk { apis, free: Arc::new(Semaphore::new(MOST_AT_ONCE)) };
    Router::new()
        .route("/routes.json", get(tables))
        .route("/prediction", post(prediction))
        .layer(DefaultBodyLimit::max(LARGEST_CALL))
        .with_state(desk)
}

async fn tables() -> impl IntoResponse {
    Json(Tables { axum: axum_table(), actix: actix_table() })
}

async fn prediction(
    State(Desk { apis, free }): State<Desk>,
    call: Result<Json<Call>, JsonRejection>,
) -> Response {
    let call = match call {
        Ok(Json(call)) => call,
        Err(rejection) => return problem(rejection.status(), rejection.body_text()),
    };
    let Ok(permit) = free.acquire_owned().await else {
        return problem(StatusCode::SERVICE_UNAVAILABLE, "the demo stops".to_owned());
    };
    // An app of actix-web stays on the thread that has built it.
    let predicted = tokio::task::spawn_blocking(move || {
        let predicted = predict(&call, &apis);
        drop(permit);
        predicted
    });
    match predicted.await {
        Ok(Ok(prediction)) => Json(prediction).into_response(),
        Ok(Err(error)) => problem(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
        Err(error) => problem(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
}

fn problem(status: StatusCode, error: String) -> Response {
    (status, Json(Problem { error })).into_response()
}
