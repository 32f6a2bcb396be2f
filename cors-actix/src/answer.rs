//! What is answered without a handler, and what is written on a handler's response.

use std::cell::Cell;

use actix_web::dev::ServiceRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use actix_web::{Error, HttpResponse};
use cors_core::{
    Actual, Decision, Grant, Mark, Policy, PolicyHandle, Refusal, Report, Site, is_marked,
};

use crate::head::{Head, Headers};

/// Left on a response whose headers cannot show that a policy has decided about it.
struct Decided;

/// Who answers a request.
pub(crate) enum Next<H, A> {
    /// The handler, and then this is written on its response.
    Handler(H),
    /// The policy, with this.
    Answer(A),
}

/// Decides who answers a request.
pub(crate) fn decide(
    policy: &Policy,
    request: &ServiceRequest,
    site: &Site<'_>,
) -> Next<Actual<HeaderValue>, HttpResponse> {
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

/// Writes a decision on a response; `false` where a policy further in has decided before.
pub(crate) fn write<B>(
    policy: &Policy,
    actual: Actual<HeaderValue>,
    response: &mut HttpResponse<B>,
) -> bool {
    if response.extensions().contains::<Decided>() {
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

    pub(crate) fn write<B>(self, response: &mut HttpResponse<B>) {
        if write(&self.policy, self.actual, response)
            && let Some(report) = self.report
        {
            report.send();
        }
    }

    /// Writes on what an error will render, and lets the error go on: who stands further
    /// out wants to see it.
    pub(crate) fn write_on(self, mut error: Error) -> Error {
        let Self { policy, actual, report } = self;
        let report = Cell::new(report);
        error.add_response_mapper(move |mut response| {
            if write(&policy, actual.clone(), &mut response)
                && let Some(report) = report.take()
            {
                report.send();
            }
            response
        });
        error
    }
}

/// An answer that waits until nobody further in has the better one.
#[derive(Debug)]
pub(crate) struct Proposal {
    response: HttpResponse,
    report: Option<Box<Report>>,
}

impl Proposal {
    pub(crate) fn is_refusal(&self) -> bool {
        self.response.status() == StatusCode::FORBIDDEN
    }

    pub(crate) fn send(self) -> HttpResponse {
        if let Some(report) = self.report {
            report.send();
        }
        self.response
    }

    /// Answers a preflight for an inner middleware that failed on it: whether a page may
    /// send a request is not for an error to say.
    pub(crate) fn replace(self, mut error: Error) -> Error {
        let answer = Cell::new(Some(self));
        error.add_response_mapper(move |mut response| {
            if is_decided(&mut response) {
                return response;
            }
            answer.take().map_or(response, Self::send)
        });
        error
    }
}

/// Decides who answers a request, for a policy that stands around others.
pub(crate) fn decide_around(
    policy: &PolicyHandle,
    request: &ServiceRequest,
) -> Next<Pending, Proposal> {
    let head = Head::of(request.head());
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
            Next::Answer(Proposal { response: refused(policy, refusal, &head, None), report })
        }
    }
}

/// Whether a policy further in has decided about a response.
pub(crate) fn is_decided<B>(response: &mut HttpResponse<B>) -> bool {
    response.extensions().contains::<Decided>() || is_marked(&Headers(response.headers_mut()))
}
