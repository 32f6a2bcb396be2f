//! What is answered without a handler, and what is written on a handler's response.

use std::cell::Cell;

use actix_web::dev::ServiceRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderValue, VARY};
use actix_web::{Error, HttpResponse};
use cors_core::{
    Actual, Decision, Grant, Mark, Policy, PolicyHandle, Refusal, Report, Site, is_marked,
    is_surrounded, is_unasked,
};

use crate::head::{Head, Headers};

/// Left on a response whose headers cannot show that a policy has decided about it.
struct Decided;

/// The `Vary` of an answer that bears no mark.
static PREFLIGHT_VARY: HeaderValue = HeaderValue::from_static(
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
);

/// Who answers a request.
pub(crate) enum Next<H, A> {
    /// The handler, and then this is written on its response.
    Handler(H),
    /// The policy, with this.
    Answer(A),
}

/// Decides who answers a request, for the one handler that a policy stands on.
#[inline]
pub(crate) fn decide(
    policy: &PolicyHandle,
    request: &ServiceRequest,
    site: &Site<'_>,
) -> Next<Pending, HttpResponse> {
    let head = Head::of(request.head());
    let decision = judge(policy, &head, site);
    policy.observe(&decision, &head, site);
    let is_surrounded = is_surrounded();
    match decision {
        Decision::Actual(actual) => Next::Handler(Pending {
            policy: policy.clone(),
            actual,
            is_surrounded,
            is_for_errors: false,
            report: None,
        }),
        Decision::Granted(grant) => Next::Answer(granted(policy, grant, &head, is_surrounded)),
        Decision::Refused(refusal) => {
            Next::Answer(refused(policy, refusal, &head, site, is_surrounded))
        }
    }
}

/// Decides who answers a request, for a policy that stands around others: what operators
/// are told waits until it is clear that the decision counts.
#[inline]
pub(crate) fn decide_around(
    policy: &PolicyHandle,
    request: &ServiceRequest,
    site: &Site<'_>,
) -> Next<Pending, Proposal> {
    let head = Head::of(request.head());
    let decision = judge(policy, &head, site);
    let report = policy.observe_later(&decision, &head, site);
    let is_surrounded = is_surrounded();
    match decision {
        Decision::Actual(actual) => Next::Handler(Pending {
            policy: policy.clone(),
            actual,
            is_surrounded,
            is_for_errors: false,
            report,
        }),
        Decision::Granted(grant) => {
            let response = granted(policy, grant, &head, is_surrounded);
            Next::Answer(Proposal { response, refusal: None, report })
        }
        Decision::Refused(refusal) => {
            let response = refused(policy, refusal, &head, site, is_surrounded);
            Next::Answer(Proposal { response, refusal: Some(refusal), report })
        }
    }
}

/// What a policy says about a request, its own preflights answered by itself or not.
#[inline]
fn judge(policy: &Policy, head: &Head<'_>, site: &Site<'_>) -> Decision<HeaderValue> {
    if is_unasked(policy) {
        return policy.decide_unasked(head, site.served);
    }
    policy.decide(head, site.served)
}

#[cold]
fn granted(
    policy: &Policy,
    grant: Grant<HeaderValue>,
    head: &Head<'_>,
    is_surrounded: bool,
) -> HttpResponse {
    let mut response = HttpResponse::new(StatusCode::NO_CONTENT);
    policy.write_grant(grant, head, &mut Headers(response.headers_mut()));
    mark(&mut response, Mark::Borne, is_surrounded);
    response
}

#[cold]
fn refused(
    policy: &Policy,
    refusal: Refusal,
    head: &Head<'_>,
    site: &Site<'_>,
    is_surrounded: bool,
) -> HttpResponse {
    let mut response = reason(policy, refusal, head, site);
    policy.write_refusal(refusal, &mut Headers(response.headers_mut()));
    *response.status_mut() = hint(policy, refusal, head, response.headers_mut());
    mark(&mut response, Mark::Borne, is_surrounded);
    response
}

/// In debug builds, what makes a browser's console name what is refused; the status with it.
fn hint(policy: &Policy, refusal: Refusal, head: &Head<'_>, headers: &mut HeaderMap) -> StatusCode {
    let is_partial =
        cfg!(debug_assertions) && policy.write_partial(refusal, head, &mut Headers(headers));
    if is_partial { StatusCode::OK } else { StatusCode::FORBIDDEN }
}

/// Refuses a preflight for a method that no policy is about. It bears no mark, for a policy
/// further out may be about it.
pub(crate) fn refuse_method(
    policy: &Policy,
    request: &ServiceRequest,
    site: &Site<'_>,
) -> HttpResponse {
    let head = Head::of(request.head());
    policy.observe(&Decision::Refused(Refusal::Method), &head, site);
    let mut response = reason(policy, Refusal::Method, &head, site);
    response.headers_mut().insert(VARY, PREFLIGHT_VARY.clone());
    *response.status_mut() = hint(policy, Refusal::Method, &head, response.headers_mut());
    response
}

/// In debug builds, with a body for the front-end developer who looks into the network tab.
fn reason(policy: &Policy, refusal: Refusal, head: &Head<'_>, site: &Site<'_>) -> HttpResponse {
    if !cfg!(debug_assertions) {
        return HttpResponse::new(StatusCode::FORBIDDEN);
    }
    let reason = policy.explain_refusal(refusal, head, site.served);
    HttpResponse::Forbidden().body(format!("CORS: {reason}\n"))
}

/// Leaves a mark that survives whatever is done to headers further out, where a policy
/// further out will look for it and might not find the one in the headers.
#[inline]
fn mark<B>(response: &mut HttpResponse<B>, mark: Mark, is_surrounded: bool) {
    if mark == Mark::Missing || is_surrounded {
        response.extensions_mut().insert(Decided);
    }
}

/// A decision that waits for its response.
#[derive(Debug)]
pub(crate) struct Pending {
    policy: PolicyHandle,
    actual: Actual<HeaderValue>,
    is_surrounded: bool,
    /// Whether it is about errors only, because nobody knows of a handler.
    is_for_errors: bool,
    /// What operators are told if nobody further in has decided.
    report: Option<Box<Report>>,
}

impl Pending {
    /// What all policies of a path agree on, for an answer that no handler of theirs gives:
    /// a 404, or the 401 of a middleware outside. What succeeds is from somebody else's
    /// handler.
    pub(crate) fn for_errors((policy, actual): (&'static Policy, Actual<HeaderValue>)) -> Self {
        let is_surrounded = is_surrounded();
        Self { policy: policy.into(), actual, is_surrounded, is_for_errors: true, report: None }
    }

    /// The policy, where it answers the preflights for what is inside of it.
    #[inline]
    pub(crate) fn answers(&self) -> Option<&Policy> {
        (!self.is_for_errors).then_some(&*self.policy)
    }

    #[inline]
    pub(crate) fn write<B>(self, response: &mut HttpResponse<B>) {
        let Self { policy, actual, is_surrounded, is_for_errors, report } = self;
        let status = response.status();
        if is_for_errors && !status.is_client_error() && !status.is_server_error() {
            return;
        }
        if write(&policy, actual, response, is_surrounded)
            && let Some(report) = report
        {
            report.send();
        }
    }

    /// Writes on what an error will render, and lets the error go on: who stands further
    /// out wants to see it.
    pub(crate) fn write_on(self, mut error: Error) -> Error {
        let Self { policy, actual, is_surrounded, report, .. } = self;
        let report = Cell::new(report);
        error.add_response_mapper(move |mut response| {
            if write(&policy, actual.clone(), &mut response, is_surrounded)
                && let Some(report) = report.take()
            {
                report.send();
            }
            response
        });
        error
    }
}

/// Writes a decision on a response; `false` where a policy further in has decided before.
#[inline]
fn write<B>(
    policy: &Policy,
    actual: Actual<HeaderValue>,
    response: &mut HttpResponse<B>,
    is_surrounded: bool,
) -> bool {
    if response.extensions().contains::<Decided>() {
        return false;
    }
    let borne = policy.write(actual, &mut Headers(response.headers_mut()));
    if borne == Mark::Earlier {
        return false;
    }
    mark(response, borne, is_surrounded);
    true
}

/// An answer that waits until nobody further in has the better one.
#[derive(Debug)]
pub(crate) struct Proposal {
    response: HttpResponse,
    refusal: Option<Refusal>,
    report: Option<Box<Report>>,
}

impl Proposal {
    /// Whether it refuses an origin, and not just what that origin asks for.
    pub(crate) fn refuses_origin(&self) -> bool {
        matches!(self.refusal, Some(Refusal::Origin | Refusal::Enforced))
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

/// Whether a policy further in has decided about a response.
pub(crate) fn is_decided<B>(response: &mut HttpResponse<B>) -> bool {
    response.extensions().contains::<Decided>() || is_marked(&Headers(response.headers_mut()))
}
