//! What is answered without a handler, and what is written on a handler's response.

use std::cell::Cell;

use actix_web::dev::{Extensions, ServiceRequest};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderValue, VARY};
use actix_web::{Error, HttpResponse};
use cors_core::{
    Actual, Decision, Grant, Mark, Policy, PolicyHandle, Refusal, Report, Site, is_marked,
    is_surrounded,
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
    let decision = policy.decide_here(&head, site.served);
    policy.observe(&decision, &head, site);
    match decision {
        Decision::Actual(actual) => Next::Handler(Pending::new(policy, actual, None)),
        decision => {
            let (response, _) = answer(policy, decision, &head, site);
            Next::Answer(response)
        }
    }
}

/// The answer to what no handler sees; and why it is refused, if it is.
// Cold, so that what every request goes through stays small enough to be inlined.
#[cold]
fn answer(
    policy: &Policy,
    decision: Decision<HeaderValue>,
    head: &Head<'_>,
    site: &Site<'_>,
) -> (HttpResponse, Option<Refusal>) {
    match decision {
        Decision::Granted(grant) => (granted(policy, grant, head), None),
        Decision::Refused(refusal) => (refused(policy, refusal, head, site), Some(refusal)),
        Decision::Actual(_) => (HttpResponse::new(StatusCode::OK), None),
    }
}

fn granted(policy: &Policy, grant: Grant<HeaderValue>, head: &Head<'_>) -> HttpResponse {
    let mut response = HttpResponse::new(StatusCode::NO_CONTENT);
    // actix's maps have room for all that is written, from the start.
    policy.write_grant(grant, head, &mut Headers(response.headers_mut()));
    mark(&mut response, Mark::Borne, is_surrounded());
    response
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

fn refused(policy: &Policy, refusal: Refusal, head: &Head<'_>, site: &Site<'_>) -> HttpResponse {
    let mut response = reason(policy, refusal, head, site);
    policy.write_refusal(refusal, &mut Headers(response.headers_mut()));
    *response.status_mut() = hint(policy, refusal, head, response.headers_mut());
    mark(&mut response, Mark::Borne, is_surrounded());
    response
}

/// In debug builds, what makes a browser's console name what is refused; the status with it.
fn hint(policy: &Policy, refusal: Refusal, head: &Head<'_>, headers: &mut HeaderMap) -> StatusCode {
    let is_partial =
        cfg!(debug_assertions) && policy.write_partial(refusal, head, &mut Headers(headers));
    if is_partial { StatusCode::OK } else { StatusCode::FORBIDDEN }
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
        leave_mark(&mut response.extensions_mut());
    }
}

#[cold]
fn leave_mark(extensions: &mut Extensions) {
    extensions.insert(Decided);
}

/// Whether a policy further in has left such a mark.
#[inline]
fn bears_mark<B>(response: &HttpResponse<B>) -> bool {
    response.extensions().contains::<Decided>()
}

/// Writes a decision on a response; `false` where a policy further in has decided before.
#[inline]
fn write<B>(
    policy: &Policy,
    actual: Actual<HeaderValue>,
    response: &mut HttpResponse<B>,
    is_surrounded: bool,
) -> bool {
    if bears_mark(response) {
        return false;
    }
    let borne = policy.write(actual, &mut Headers(response.headers_mut()));
    if borne == Mark::Earlier {
        return false;
    }
    mark(response, borne, is_surrounded);
    true
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
    #[inline]
    fn new(
        policy: &PolicyHandle,
        actual: Actual<HeaderValue>,
        report: Option<Box<Report>>,
    ) -> Self {
        let (policy, is_surrounded) = (policy.clone(), is_surrounded());
        Self { policy, actual, is_surrounded, is_for_errors: false, report }
    }

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

    /// Writes it, once, unless a policy further in has decided before.
    #[inline]
    pub(crate) fn write<B>(&mut self, response: &mut HttpResponse<B>) {
        let status = response.status();
        if self.is_for_errors && !status.is_client_error() && !status.is_server_error() {
            return;
        }
        if write(&self.policy, self.actual.take(), response, self.is_surrounded)
            && let Some(report) = self.report.take()
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

/// Decides who answers a request, for a policy that stands around others: what operators
/// are told waits until it is clear that the decision counts.
#[inline]
pub(crate) fn decide_around(
    policy: &PolicyHandle,
    request: &ServiceRequest,
    site: &Site<'_>,
) -> Next<Pending, Proposal> {
    let head = Head::of(request.head());
    let decision = policy.decide_here(&head, site.served);
    let report = policy.observe_later(&decision, &head, site);
    match decision {
        Decision::Actual(actual) => Next::Handler(Pending::new(policy, actual, report)),
        decision => Next::Answer(propose(policy, decision, &head, site, report)),
    }
}

#[cold]
fn propose(
    policy: &Policy,
    decision: Decision<HeaderValue>,
    head: &Head<'_>,
    site: &Site<'_>,
    report: Option<Box<Report>>,
) -> Proposal {
    let (response, refusal) = answer(policy, decision, head, site);
    Proposal { response, refusal, report }
}

/// Whether a policy further in has decided about a response.
pub(crate) fn is_decided<B>(response: &mut HttpResponse<B>) -> bool {
    bears_mark(response) || is_marked(&Headers(response.headers_mut()))
}
