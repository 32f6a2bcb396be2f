//! A reply of the core as a response.

use std::any::Any;

use axum::body::Body;
use cors_core::adapter::{Reply, ResponseHead};
use http::header::ALLOW;
use http::{HeaderMap, HeaderValue, Response, StatusCode};

/// axum adds `Content-Length`.
const HEADERS_OF_AXUM: usize = 1;

/// The response. A text goes into the body if it is axum's.
// Cold, so that what every request goes through stays small enough to be inlined.
#[cold]
pub(crate) fn respond<R: Default + 'static>(reply: Box<Reply<HeaderValue>>) -> Response<R> {
    let mut response = Response::new(R::default());
    // The core's statuses are valid.
    *response.status_mut() =
        StatusCode::from_u16(reply.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut headers = HeaderMap::with_capacity(reply.count_headers() + HEADERS_OF_AXUM);
    if let Some(allow) = reply.allow() {
        headers.insert(ALLOW, allow);
    }
    let is_marked = reply.is_marked();
    if let Some(text) = reply.write(&mut headers)
        && let Some(body) = (response.body_mut() as &mut dyn Any).downcast_mut::<Body>()
    {
        *body = Body::from(text);
    }
    *response.headers_mut() = headers;
    if is_marked {
        response.set_mark(true);
    }
    response
}
