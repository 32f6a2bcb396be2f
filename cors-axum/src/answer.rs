//! What is answered without a handler, and what is written on a handler's response.

use std::any::Any;

use axum::body::Body;
use cors_core::{Actual, Decision, Grant, Mark, Policy, Refusal, Site, is_marked};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};

use crate::head::{Head, Headers};

/// Left on a response whose headers cannot show that a policy has decided about it.
#[derive(Clone)]
struct Decided;

/// The most headers that an answer to a preflight has, with those that axum adds: a map
/// that never grows.
const PREFLIGHT_HEADERS: usize = 8;

/// Who answers a request.
pub(crate) enum Next<R> {
    /// The handler, and then this is written on its response.
    Handler(Actual<HeaderValue>),
    /// The policy, with this.
    Answer(Response<R>),
}

/// Decides who answers a request.
pub(crate) fn decide<B, R: Default + 'static>(
    policy: &Policy,
    request: &Request<B>,
    site: &Site<'_>,
) -> Next<R> {
    let head = Head::of(request);
    let decision = policy.decide(&head, site.served);
    policy.observe(&decision, &head, site);
    match decision {
        Decision::Actual(actual) => Next::Handler(actual),
        Decision::Granted(grant) => Next::Answer(granted(policy, grant, &head)),
        Decision::Refused(refusal) => Next::Answer(refused(policy, refusal, request, site.served)),
    }
}

#[cold]
fn granted<R: Default>(policy: &Policy, grant: Grant<HeaderValue>, head: &Head<'_>) -> Response<R> {
    let mut headers = HeaderMap::with_capacity(PREFLIGHT_HEADERS);
    policy.write_grant(grant, head, &mut Headers(&mut headers));
    let mut response = Response::new(R::default());
    *response.status_mut() = StatusCode::NO_CONTENT;
    *response.headers_mut() = headers;
    response
}

/// Refuses a request that no policy was asked about.
pub(crate) fn refuse<B, R: Default + 'static>(
    policy: &Policy,
    refusal: Refusal,
    request: &Request<B>,
    site: &Site<'_>,
) -> Response<R> {
    policy.observe(&Decision::Refused(refusal), &Head::of(request), site);
    refused(policy, refusal, request, site.served)
}

#[cold]
fn refused<B, R: Default + 'static>(
    policy: &Policy,
    refusal: Refusal,
    request: &Request<B>,
    served: Option<&[&str]>,
) -> Response<R> {
    let mut body = R::default();
    if cfg!(debug_assertions)
        && let Some(body) = (&mut body as &mut dyn Any).downcast_mut::<Body>()
    {
        let reason = policy.explain_refusal(refusal, &Head::of(request), served);
        *body = Body::from(format!("CORS: {reason}\n"));
    }
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::FORBIDDEN;
    policy.write_refusal(refusal, &mut Headers(response.headers_mut()));
    response
}

/// Writes a decision on a response.
pub(crate) fn write<R>(policy: &Policy, actual: Actual<HeaderValue>, response: &mut Response<R>) {
    if response.extensions().get::<Decided>().is_some() {
        return;
    }
    if policy.write(actual, &mut Headers(response.headers_mut())) == Mark::Missing {
        response.extensions_mut().insert(Decided);
    }
}

/// Whether a policy further in has decided about a response.
pub(crate) fn is_decided<R>(response: &mut Response<R>) -> bool {
    response.extensions().get::<Decided>().is_some() || is_marked(&Headers(response.headers_mut()))
}
