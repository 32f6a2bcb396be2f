//! What is answered without a handler, and what is written on a handler's response.

use std::any::Any;

use axum::body::Body;
use cors_core::{
    Actual, Decision, Grant, Mark, Policy, PolicyHandle, Preflight, Refusal, Report, Site,
    is_marked, is_surrounded,
};
use http::header::VARY;
use http::{Extensions, HeaderMap, HeaderValue, Request, Response, StatusCode};

use crate::head::{Head, Headers};

/// Left on a response whose headers cannot show that a policy has decided about it.
#[derive(Clone)]
struct Decided;

/// The `Vary` of an answer that bears no mark.
static PREFLIGHT_VARY: HeaderValue = HeaderValue::from_static(
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
);

/// How many headers axum adds to the answer of a route: `Content-Length`.
pub(crate) const HEADERS_OF_ROUTE: usize = 1;

/// Who answers a request. Answers of a policy are boxed, because what is moved around on the
/// way to a handler costs every request by its size.
pub(crate) enum Next<H, A> {
    /// The handler, and then this is written on its response.
    Handler(H),
    /// The policy, with this.
    Answer(A),
}

/// Decides who answers a request to a route.
#[inline]
pub(crate) fn decide<B, R: Default + 'static>(
    policy: &Policy,
    request: &Request<B>,
    site: &Site<'_>,
) -> Next<Actual<HeaderValue>, Box<Response<R>>> {
    let head = Head::of(request);
    let decision = policy.decide_here(&head, site.served);
    policy.observe(&decision, &head, site);
    match decision {
        Decision::Actual(actual) => Next::Handler(actual),
        decision => {
            let (response, _) = answer(policy, decision, request, site, HEADERS_OF_ROUTE);
            Next::Answer(Box::new(response))
        }
    }
}

/// Answers a preflight to a route.
pub(crate) fn answer_preflight<B, R: Default + 'static>(
    policy: &Policy,
    preflight: &Preflight<'_, HeaderValue>,
    request: &Request<B>,
    site: &Site<'_>,
) -> Response<R> {
    let head = Head::of(request);
    let decision = policy.decide_preflight(preflight, &head, site.served);
    policy.observe(&decision, &head, site);
    let (response, _) = answer(policy, decision, request, site, HEADERS_OF_ROUTE);
    response
}

/// The answer to what no handler sees, with room for as many headers more as its place adds;
/// and why it is refused, if it is.
// Cold, so that what every request goes through stays small enough to be inlined.
#[cold]
fn answer<B, R: Default + 'static>(
    policy: &Policy,
    decision: Decision<HeaderValue>,
    request: &Request<B>,
    site: &Site<'_>,
    more: usize,
) -> (Response<R>, Option<Refusal>) {
    match decision {
        Decision::Granted(grant) => (granted(policy, grant, &Head::of(request), more), None),
        Decision::Refused(refusal) => (refused(policy, refusal, request, site), Some(refusal)),
        Decision::Actual(_) => (Response::default(), None),
    }
}

fn granted<R: Default>(
    policy: &Policy,
    grant: Grant<HeaderValue>,
    head: &Head<'_>,
    more: usize,
) -> Response<R> {
    let mut headers = HeaderMap::with_capacity(policy.count_headers(&grant) + more);
    policy.write_grant(grant, head, &mut Headers(&mut headers));
    let mut response = Response::new(R::default());
    *response.status_mut() = StatusCode::NO_CONTENT;
    *response.headers_mut() = headers;
    mark(&mut response, Mark::Borne);
    response
}

/// Refuses a preflight for a method that no policy is about. It bears no mark, for a policy
/// further out may be about it.
pub(crate) fn refuse_method<B, R: Default + 'static>(
    policy: &Policy,
    request: &Request<B>,
    site: &Site<'_>,
) -> Response<R> {
    policy.observe(&Decision::Refused(Refusal::Method), &Head::of(request), site);
    let mut response = Response::new(reason(policy, Refusal::Method, request, site));
    response.headers_mut().insert(VARY, PREFLIGHT_VARY.clone());
    *response.status_mut() = hint(policy, Refusal::Method, request, response.headers_mut());
    response
}

fn refused<B, R: Default + 'static>(
    policy: &Policy,
    refusal: Refusal,
    request: &Request<B>,
    site: &Site<'_>,
) -> Response<R> {
    let mut response = Response::new(reason(policy, refusal, request, site));
    policy.write_refusal(refusal, &mut Headers(response.headers_mut()));
    *response.status_mut() = hint(policy, refusal, request, response.headers_mut());
    mark(&mut response, Mark::Borne);
    response
}

/// In debug builds, what makes a browser's console name what is refused; the status with it.
fn hint<B>(
    policy: &Policy,
    refusal: Refusal,
    request: &Request<B>,
    headers: &mut HeaderMap,
) -> StatusCode {
    let is_partial = cfg!(debug_assertions)
        && policy.write_partial(refusal, &Head::of(request), &mut Headers(headers));
    if is_partial { StatusCode::OK } else { StatusCode::FORBIDDEN }
}

/// In debug builds, a body for the front-end developer who looks into the network tab.
fn reason<B, R: Default + 'static>(
    policy: &Policy,
    refusal: Refusal,
    request: &Request<B>,
    site: &Site<'_>,
) -> R {
    let mut body = R::default();
    if cfg!(debug_assertions)
        && let Some(body) = (&mut body as &mut dyn Any).downcast_mut::<Body>()
    {
        let reason = policy.explain_refusal(refusal, &Head::of(request), site.served);
        *body = Body::from(format!("CORS: {reason}\n"));
    }
    body
}

/// Leaves a mark that survives whatever is done to headers further out, where a policy
/// further out will look for it and might not find the one in the headers.
#[inline]
fn mark<R>(response: &mut Response<R>, mark: Mark) {
    if mark == Mark::Missing || is_surrounded() {
        leave_mark(response.extensions_mut());
    }
}

#[cold]
fn leave_mark(extensions: &mut Extensions) {
    extensions.insert(Decided);
}

/// Whether a policy further in has left such a mark.
#[inline]
fn bears_mark<R>(response: &Response<R>) -> bool {
    !response.extensions().is_empty() && find_mark(response.extensions())
}

#[cold]
fn find_mark(extensions: &Extensions) -> bool {
    extensions.get::<Decided>().is_some()
}

/// Writes a decision on a response; `false` where a policy further in has decided before.
#[inline]
pub(crate) fn write<R>(
    policy: &Policy,
    actual: Actual<HeaderValue>,
    response: &mut Response<R>,
) -> bool {
    if bears_mark(response) {
        return false;
    }
    let borne = policy.write(actual, &mut Headers(response.headers_mut()));
    if borne == Mark::Earlier {
        return false;
    }
    mark(response, borne);
    true
}

/// A decision that waits for its response.
#[derive(Debug)]
pub(crate) struct Pending {
    policy: PolicyHandle,
    actual: Actual<HeaderValue>,
    /// Whether it is about errors only, because nobody knows of a handler.
    is_for_errors: bool,
    /// What operators are told if nobody further in has decided.
    report: Option<Box<Report>>,
}

impl Pending {
    /// What all policies of a path agree on, for an answer that no handler of theirs gives:
    /// a 405, or the 401 of a layer outside. What succeeds is from somebody else's handler.
    pub(crate) fn for_errors((policy, actual): (&'static Policy, Actual<HeaderValue>)) -> Self {
        Self { policy: policy.into(), actual, is_for_errors: true, report: None }
    }

    /// The policy, where it answers the preflights for what is inside of it.
    #[inline]
    pub(crate) fn answers(&self) -> Option<&Policy> {
        (!self.is_for_errors).then_some(&*self.policy)
    }

    /// Writes it, once, unless a policy further in has decided before.
    #[inline]
    pub(crate) fn write<R>(&mut self, response: &mut Response<R>) {
        let status = response.status();
        if self.is_for_errors && !status.is_client_error() && !status.is_server_error() {
            return;
        }
        if write(&self.policy, self.actual.take(), response)
            && let Some(report) = self.report.take()
        {
            report.send();
        }
    }
}

/// An answer that waits until nobody further in has the better one.
#[derive(Debug)]
pub(crate) struct Proposal<R> {
    response: Response<R>,
    refusal: Option<Refusal>,
    report: Option<Box<Report>>,
}

impl<R> Proposal<R> {
    /// An answer that needs no report.
    pub(crate) fn new(response: Response<R>) -> Self {
        Self { response, refusal: None, report: None }
    }

    /// Whether it refuses an origin, and not just what that origin asks for.
    pub(crate) fn refuses_origin(&self) -> bool {
        matches!(self.refusal, Some(Refusal::Origin | Refusal::Enforced))
    }

    pub(crate) fn send(self) -> Response<R> {
        if let Some(report) = self.report {
            report.send();
        }
        self.response
    }
}

/// Decides who answers a request, for a policy that stands around others: what operators
/// are told waits until it is clear that the decision counts. What is granted has room for as
/// many headers more as the policy's place adds.
#[inline]
pub(crate) fn decide_around<B, R: Default + 'static>(
    policy: &PolicyHandle,
    request: &Request<B>,
    site: &Site<'_>,
    more: usize,
) -> Next<Pending, Box<Proposal<R>>> {
    match judge_around(policy, &Head::of(request), site) {
        Next::Handler(pending) => Next::Handler(pending),
        Next::Answer((decision, report)) => {
            Next::Answer(Box::new(propose(policy, decision, request, site, more, report)))
        }
    }
}

// Not generic, so that it is compiled once, for whatever services a program has.
fn judge_around(
    policy: &PolicyHandle,
    head: &Head<'_>,
    site: &Site<'_>,
) -> Next<Pending, (Decision<HeaderValue>, Option<Box<Report>>)> {
    let decision = policy.decide_here(head, site.served);
    let report = policy.observe_later(&decision, head, site);
    match decision {
        Decision::Actual(actual) => {
            Next::Handler(Pending { policy: policy.clone(), actual, is_for_errors: false, report })
        }
        decision => Next::Answer((decision, report)),
    }
}

#[cold]
fn propose<B, R: Default + 'static>(
    policy: &Policy,
    decision: Decision<HeaderValue>,
    request: &Request<B>,
    site: &Site<'_>,
    more: usize,
    report: Option<Box<Report>>,
) -> Proposal<R> {
    let (response, refusal) = answer(policy, decision, request, site, more);
    Proposal { response, refusal, report }
}

/// Whether a policy further in has decided about a response.
pub(crate) fn is_decided<R>(response: &mut Response<R>) -> bool {
    bears_mark(response) || is_marked(&Headers(response.headers_mut()))
}
