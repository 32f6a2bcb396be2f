//! What is answered without a handler, and what is written on a handler's response.

use actix_web::dev::ServiceRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use actix_web::{Error, HttpResponse};
use cors_core::{Actual, Decision, Grant, Mark, Policy, PolicyHandle, Refusal, Site, is_marked};

use crate::head::{Head, Headers};

/// Left on a response whose headers cannot show that a policy has decided about it.
struct Decided;

/// Who answers a request.
pub(crate) enum Next {
    /// The handler, and then this is written on its response.
    Handler(Actual<HeaderValue>),
    /// The policy, with this.
    Answer(HttpResponse),
}

/// Decides who answers a request.
pub(crate) fn decide(policy: &Policy, request: &ServiceRequest, site: &Site<'_>) -> Next {
    let head = Head::of(request.head());
    let decision = policy.decide(&head, site.served);
    policy.observe(&decision, &head, site);
    match decision {
        Decision::Actual(actual) => Next::Handler(actual),
        Decision::Granted(grant) => Next::Answer(granted(policy, grant, &head)),
        Decision::Refused(refusal) => Next::Answer(refused(policy, refusal, &head, site.served)),
    }
}

#[cold]
fn granted(policy: &Policy, grant: Grant<HeaderValue>, head: &Head<'_>) -> HttpResponse {
    let mut response = HttpResponse::new(StatusCode::NO_CONTENT);
    policy.write_grant(grant, head, &mut Headers(response.headers_mut()));
    response
}

/// Refuses a request that no policy was asked about.
pub(crate) fn refuse(
    policy: &Policy,
    refusal: Refusal,
    request: &ServiceRequest,
    site: &Site<'_>,
) -> HttpResponse {
    let head = Head::of(request.head());
    policy.observe(&Decision::Refused(refusal), &head, site);
    refused(policy, refusal, &head, site.served)
}

#[cold]
fn refused(
    policy: &Policy,
    refusal: Refusal,
    head: &Head<'_>,
    served: Option<&[&str]>,
) -> HttpResponse {
    let mut response = if cfg!(debug_assertions) {
        let reason = policy.explain_refusal(refusal, head, served);
        HttpResponse::Forbidden().body(format!("CORS: {reason}\n"))
    } else {
        HttpResponse::new(StatusCode::FORBIDDEN)
    };
    policy.write_refusal(refusal, &mut Headers(response.headers_mut()));
    response
}

/// Writes a decision on a response.
pub(crate) fn write<B>(
    policy: &Policy,
    actual: Actual<HeaderValue>,
    response: &mut HttpResponse<B>,
) {
    if response.extensions().contains::<Decided>() {
        return;
    }
    if policy.write(actual, &mut Headers(response.headers_mut())) == Mark::Missing {
        response.extensions_mut().insert(Decided);
    }
}

/// Writes a decision on what an error will render, and lets the error go on: who stands
/// further out wants to see it.
pub(crate) fn write_on_error(
    policy: PolicyHandle,
    actual: Actual<HeaderValue>,
    mut error: Error,
) -> Error {
    error.add_response_mapper(move |mut response| {
        write(&policy, actual.clone(), &mut response);
        response
    });
    error
}

/// Whether a policy further in has decided about a response.
pub(crate) fn is_decided<B>(response: &mut HttpResponse<B>) -> bool {
    response.extensions().contains::<Decided>() || is_marked(&Headers(response.headers_mut()))
}

/// Answers a preflight for an inner middleware that failed on it: whether a page may send a
/// request is not for an error to say.
pub(crate) fn replace_error(mut error: Error, answer: HttpResponse) -> Error {
    let answer = std::cell::Cell::new(Some(answer));
    error.add_response_mapper(move |mut response| {
        if is_decided(&mut response) { response } else { answer.take().unwrap_or(response) }
    });
    error
}
