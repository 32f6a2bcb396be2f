//! A reply of the core as a response.

use std::any::Any;

use axum::body::Body;
use cors_core::adapter::Reply;
use http::header::ALLOW;
use http::{HeaderMap, HeaderValue, Response};

/// axum adds `Content-Length`.
const HEADERS_OF_AXUM: usize = 1;

/// The response. A text goes into the body if it is axum's.
// Cold, so that what every request goes through stays small enough to be inlined.
#[cold]
pub(crate) fn respond<R: Default + 'static>(reply: Reply<HeaderValue>) -> Response<R> {
    let mut response = Response::new(R::default());
    *response.headers_mut() = HeaderMap::with_capacity(reply.count_headers() + HEADERS_OF_AXUM);
    if let Some(allow) = reply.allow() {
        response.headers_mut().insert(ALLOW, allow);
    }
    if let Some(text) = reply.write(&mut response)
        && let Some(body) = (response.body_mut() as &mut dyn Any).downcast_mut::<Body>()
    {
        *body = Body::from(text);
    }
    response
}
