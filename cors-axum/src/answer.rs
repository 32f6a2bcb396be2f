//! What is answered without a handler, and what is written on a handler's response.

use std::any::Any;

use axum::body::Body;
use cors_core::{
    Actual, Decision, Grant, Mark, Policy, PolicyHandle, Refusal, Report, Site, is_marked,
};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};

use crate::head::{Head, Headers};

/// Left on a response whose headers cannot show that a policy has decided about it.
#[derive(Clone)]
struct Decided;

/// The most headers that an answer to a preflight has, with those that axum adds: a map
/// that never grows.
const PREFLIGHT_HEADERS: usize = 8;

/// Who answers a request.
pub(crate) enum Next<H, A> {
    /// The handler, and then this is written on its response.
    Handler(H),
    /// The policy, with this.
    Answer(A),
}

/// Decides who answers a request.
pub(crate) fn decide<B, R: Default + 'static>(
    policy: &Policy,
    request: &Request<B>,
    site: &Site<'_>,
) -> Next<Actual<HeaderValue>, Response<R>> {
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

/// Writes a decision on a response; `false` where a policy further in has decided before.
pub(crate) fn write<R>(
    policy: &Policy,
    actual: Actual<HeaderValue>,
    response: &mut Response<R>,
) -> bool {
    if response.extensions().get::<Decided>().is_some() {
        return false;
    }
    match policy.write(actual, &mut Headers(response.headers_mut())) {
        Mark::Earlier => return false,
        Mark::Missing => drop(response.extensions_mut().insert(Decided)),
        Mark::Borne => {}
    }
    true
}

/// A decision that waits for its response.
#[derive(Debug)]
pub(crate) struct Pending {
    policy: PolicyHandle,
    actual: Actual<HeaderValue>,
    /// What operators are told if nobody further in has decided.
    report: Option<Box<Report>>,
}

impl Pending {
    /// A decision that operators know of.
    pub(crate) fn new(policy: PolicyHandle, actual: Actual<HeaderValue>) -> Self {
        Self { policy, actual, report: None }
    }

    pub(crate) fn write<R>(self, response: &mut Response<R>) {
        if write(&self.policy, self.actual, response)
            && let Some(report) = self.report
        {
            report.send();
        }
    }
}

/// An answer that waits until nobody further in has the better one.
#[derive(Debug)]
pub(crate) struct Proposal<R> {
    response: Response<R>,
    report: Option<Box<Report>>,
}

impl<R> Proposal<R> {
    /// An answer that operators know of.
    pub(crate) fn new(response: Response<R>) -> Self {
        Self { response, report: None }
    }

    pub(crate) fn is_refusal(&self) -> bool {
        self.response.status() == StatusCode::FORBIDDEN
    }

    pub(crate) fn send(self) -> Response<R> {
        if let Some(report) = self.report {
            report.send();
        }
        self.response
    }
}

/// Decides who answers a request, for a policy that stands around others.
pub(crate) fn decide_around<B, R: Default + 'static>(
    policy: &PolicyHandle,
    request: &Request<B>,
) -> Next<Pending, Proposal<R>> {
    let head = Head::of(request);
    let decision = policy.decide(&head, None);
    let report = policy.observe_later(&decision, &head);
    match decision {
        Decision::Actual(actual) => {
            Next::Handler(Pending { policy: policy.clone(), actual, report })
        }
        Decision::Granted(grant) => {
            Next::Answer(Proposal { response: granted(policy, grant, &head), report })
        }
        Decision::Refused(refusal) => {
            Next::Answer(Proposal { response: refused(policy, refusal, request, None), report })
        }
    }
}

/// Whether a policy further in has decided about a response.
pub(crate) fn is_decided<R>(response: &mut Response<R>) -> bool {
    response.extensions().get::<Decided>().is_some() || is_marked(&Headers(response.headers_mut()))
}
