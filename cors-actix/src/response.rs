//! A reply of the core as a response.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue};
use cors_core::adapter::{Reply, ResponseHead};

use crate::head::Response;

/// The response.
// Cold, so that what every request goes through stays small enough to be inlined.
#[cold]
pub(crate) fn respond(reply: Box<Reply<HeaderValue>>) -> HttpResponse {
    // The core's statuses are valid.
    let status = StatusCode::from_u16(reply.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::new(status);
    if let Some(allow) = reply.allow() {
        response.headers_mut().insert(ALLOW, allow);
    }
    let is_marked = reply.is_marked();
    if let Some(text) = reply.write(&mut Response(&mut response)) {
        response = response.set_body(actix_web::body::BoxBody::new(text));
    }
    if is_marked {
        Response(&mut response).set_mark(true);
    }
    response
}
