//! The complaints on axum.

mod candidate;
mod composition;
mod deployment;
mod errors;
mod foreign_lists;
mod headers;
mod order;
mod policies;
mod preflights;
mod verdicts;

use std::convert::Infallible;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use tower::{Service, ServiceExt};

use crate::talk::{Answer, Ask};

/// Sends a request through an app.
async fn ask<S>(app: &S, ask: Ask) -> Answer
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone,
{
    let mut request = Request::builder().method(ask.method).uri(&ask.path);
    for (name, value) in &ask.headers {
        request = request.header(*name, value);
    }
    let request = request.body(Body::from(ask.body)).unwrap();
    let (head, body) = app.clone().oneshot(request).await.unwrap().into_parts();
    let headers = head.headers.iter();
    Answer {
        status: head.status.as_u16(),
        headers: headers
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect(),
        body: String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap(),
    }
}

/// An authentication as most apps have it.
async fn authenticate(request: Request, next: Next) -> Response {
    if request.headers().contains_key("authorization") {
        next.run(request).await
    } else {
        (StatusCode::UNAUTHORIZED, "who are you?").into_response()
    }
}

/// A rate limit whose quota is used up.
async fn limit_rate(_: Request, _: Next) -> Response {
    StatusCode::TOO_MANY_REQUESTS.into_response()
}

/// A redirect of everything, as from `http` to `https`.
async fn redirect(request: Request, _: Next) -> Redirect {
    Redirect::permanent(&format!("https://api.example.com{}", request.uri()))
}
