//! A reply of the core as a response.

use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue};
use cors_core::adapter::Reply;

use crate::head::Response;

/// The response.
// Cold, so that what every request goes through stays small enough to be inlined.
#[cold]
pub(crate) fn respond(reply: Reply<HeaderValue>) -> HttpResponse {
    let mut response = HttpResponse::new(StatusCode::OK);
    if let Some(allow) = reply.allow() {
        response.headers_mut().insert(ALLOW, allow);
    }
    match reply.write(&mut Response(&mut response)) {
        Some(text) => response.set_body(BoxBody::new(text)),
        None => response,
    }
}
