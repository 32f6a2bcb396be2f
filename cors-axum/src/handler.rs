//! A handler around a handler: CORS without a layer, so nothing is boxed that axum would
//! not box anyway.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::on;
use cors_core::{Actual, is_decided_outside};
use http::HeaderValue;
use pin_project_lite::pin_project;

use crate::answer::{self, Next};
use crate::endpoint::{Annotated, Endpoint};
use crate::reach::{self, Found};
use crate::routes::{Routes, filters};
use crate::siblings::Siblings;

/// A handler with its policy around it.
///
/// axum boxes a clone of it for each request. The policy is in the type, so that it takes no
/// memory: what takes none is not allocated.
pub(crate) struct Guarded<E, H> {
    handler: H,
    endpoint: PhantomData<fn() -> E>,
}

impl<E, H> Guarded<E, H> {
    pub(crate) const fn new(handler: H) -> Self {
        Self { handler, endpoint: PhantomData }
    }
}

/// A list with one handler.
#[expect(clippy::manual_map, reason = "all of this is compiled for each handler")]
pub fn list<E, H, T, S>(path: &str, handler: H) -> Routes<S>
where
    E: Annotated + 'static,
    H: Handler<T, S>,
    T: 'static,
    S: Clone + Send + Sync + 'static,
{
    let (filter, options) = filters(E::endpoint());
    let options = match options {
        Some(options) => Some(on(options, Guarded::<E, H>::new(handler.clone()))),
        None => None,
    };
    let router = match filter {
        Some(filter) => Some(on(filter, Guarded::<E, H>::new(handler))),
        None => None,
    };
    Routes::one(path, *E::endpoint(), router, options)
}

impl<E: Annotated, H: Clone> Clone for Guarded<E, H> {
    #[inline]
    fn clone(&self) -> Self {
        tell(E::endpoint());
        Self { handler: self.handler.clone(), endpoint: PhantomData }
    }
}

impl<E, H, T, S> Handler<T, S> for Guarded<E, H>
where
    E: Annotated + 'static,
    H: Handler<T, S>,
{
    type Future = GuardedFuture<H::Future>;

    #[inline]
    fn call(self, request: Request, state: S) -> Self::Future {
        let endpoint = E::endpoint();
        match decide(endpoint, &request) {
            Next::Handler(decision) => {
                let future = self.handler.call(request, state);
                GuardedFuture::Handler { future, decision, endpoint }
            }
            Next::Answer(answer) => GuardedFuture::Answer { answer: Some(answer) },
        }
    }
}

/// Tells a layer that asks whose handler this is. Not generic, so that all handlers of a program
/// share the code; nor is what follows.
#[inline]
fn tell(endpoint: &'static Endpoint) {
    reach::tell(|| Found::Annotated(Siblings::new(vec![*endpoint])));
}

/// Decides for a handler, unless its own policy does further out, around the layers of its
/// list.
fn decide(
    endpoint: &Endpoint,
    request: &Request,
) -> Next<Option<Actual<HeaderValue>>, Box<Response>> {
    if is_decided_outside(endpoint.policy) {
        return Next::Handler(None);
    }
    match answer::decide(endpoint.policy, request, &endpoint.site()) {
        Next::Handler(decision) => Next::Handler(Some(decision)),
        Next::Answer(answer) => Next::Answer(answer),
    }
}

/// Writes what was decided, once.
fn write(endpoint: &Endpoint, decision: &mut Option<Actual<HeaderValue>>, response: &mut Response) {
    if let Some(decision) = decision.take() {
        answer::write(endpoint.policy, decision, response);
    }
}

pin_project! {
    /// The future of a guarded handler. Its type does not name the handler, because axum's
    /// handlers all have futures of one type, and what polls those is compiled once.
    #[project = GuardedProjection]
    pub(crate) enum GuardedFuture<F> {
        Handler {
            #[pin]
            future: F,
            decision: Option<Actual<HeaderValue>>,
            endpoint: &'static Endpoint,
        },
        Answer { answer: Option<Box<Response>> },
    }
}

impl<F: Future<Output = Response>> Future for GuardedFuture<F> {
    type Output = Response;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Response> {
        match self.project() {
            GuardedProjection::Handler { future, decision, endpoint } => {
                let mut poll = future.poll(context);
                if let Poll::Ready(response) = &mut poll {
                    write(endpoint, decision, response);
                }
                poll
            }
            GuardedProjection::Answer { answer } => match answer.take() {
                Some(answer) => Poll::Ready(*answer),
                // Polled after it was ready; there is nothing left to say.
                None => Poll::Pending,
            },
        }
    }
}
