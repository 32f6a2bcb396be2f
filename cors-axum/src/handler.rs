//! A handler around a handler: CORS without a layer, so nothing is boxed that axum would
//! not box anyway.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use cors_core::{Actual, Policy};
use http::HeaderValue;
use pin_project_lite::pin_project;

use crate::answer::{self, Next};
use crate::endpoint::Endpoint;
use crate::reach::{self, Found};
use crate::siblings::Siblings;

/// A handler with its policy around it.
pub(crate) struct Guarded<H> {
    pub(crate) handler: H,
    pub(crate) endpoint: Endpoint,
}

impl<H: Clone> Clone for Guarded<H> {
    fn clone(&self) -> Self {
        reach::tell(|| Found::Annotated(Siblings::new(vec![self.endpoint])));
        Self { handler: self.handler.clone(), endpoint: self.endpoint }
    }
}

impl<H, T, S> Handler<T, S> for Guarded<H>
where
    H: Handler<T, S>,
{
    type Future = GuardedFuture<H::Future>;

    fn call(self, request: Request, state: S) -> Self::Future {
        let policy = self.endpoint.policy;
        match answer::decide(policy, &request, &self.endpoint.site()) {
            Next::Handler(actual) => GuardedFuture::Handler {
                future: self.handler.call(request, state),
                decision: Some((policy, actual)),
            },
            Next::Answer(answer) => GuardedFuture::Answer { answer: Some(answer) },
        }
    }
}

pin_project! {
    /// The future of a guarded handler.
    #[project = GuardedProjection]
    pub(crate) enum GuardedFuture<F> {
        Handler {
            #[pin]
            future: F,
            decision: Option<(&'static Policy, Actual<HeaderValue>)>,
        },
        Answer { answer: Option<Box<Response>> },
    }
}

impl<F: Future<Output = Response>> Future for GuardedFuture<F> {
    type Output = Response;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Response> {
        match self.project() {
            GuardedProjection::Handler { future, decision } => {
                let mut response = ready!(future.poll(context));
                if let Some((policy, actual)) = decision.take() {
                    answer::write(policy, actual, &mut response);
                }
                Poll::Ready(response)
            }
            GuardedProjection::Answer { answer } => match answer.take() {
                Some(answer) => Poll::Ready(*answer),
                // Polled after it was ready; there is nothing left to say.
                None => Poll::Pending,
            },
        }
    }
}
