//! The call is made, to an app that is built for it.

use std::io;

use actix_web::{rt, test};
use cors_axum::RouteTable;
use cors_axum::testing::{Browser, Incoming, NoResponse, Outgoing, Request};
use cors_axum::testing::{Failure, Response};

use tracing::subscriber::{NoSubscriber, with_default};

use super::Apis;
use super::call::{Call, Server};
use super::outcome::Prediction;
use crate::demo::{actix_api, actix_table, axum_api, axum_table};

/// Makes the call in a runtime of its own, which ends with it.
pub(super) fn predict(call: &Call, apis: &Apis) -> io::Result<Prediction> {
    let runtime = rt::Runtime::new()?;
    // The log is about calls that were made, and has a limit.
    let seen = with_default(NoSubscriber::new(), || {
        runtime.block_on(async {
            match call.server {
                Server::Axum => on_axum(call, apis).await,
                Server::Actix => on_actix(call, apis).await,
            }
        })
    });
    Ok(Prediction::of(call, &seen))
}

async fn on_axum(call: &Call, apis: &Apis) -> Result<Response, Failure> {
    let app = axum_api::app(apis.axum.copy());
    let send = async |request: Outgoing| cors_axum::testing::send(&app, &request).await;
    make(call, apis, &apis.ports.axum_api(), axum_table(), send).await
}

async fn on_actix(call: &Call, apis: &Apis) -> Result<Response, Failure> {
    let app = test::init_service(actix_api::app(apis.actix.copy())).await;
    let send = async |request: Outgoing| cors_actix::testing::send(&app, &request).await;
    make(call, apis, &apis.ports.actix_api(), actix_table(), send).await
}

/// The user of this browser has signed in on the page that allows it; then the call is made.
async fn make(
    call: &Call,
    apis: &Apis,
    api: &str,
    table: RouteTable,
    send: impl AsyncFn(Outgoing) -> Result<Incoming, NoResponse>,
) -> Result<Response, Failure> {
    let send = async |request: Outgoing| {
        if request.url().origin().ascii_serialization() == api {
            return send(request).await;
        }
        Err(NoResponse::new("this prediction knows no server but those of the demo"))
    };
    let browser = Browser::new();
    let front_end = browser.open(&apis.ports.page_of("app")).with_cookies();
    let sign_in = Request::post(format!("{api}/login")).json(r#"{"name":"Ada"}"#);
    // Where it failed, the call itself shows it.
    let _ = front_end.fetch(sign_in).through(&send).await;
    let page = call.open(&browser).explained_by(table);
    call.from(&page, api).through(&send).await
}
