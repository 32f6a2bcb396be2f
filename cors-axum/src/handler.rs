//! A handler around a handler: CORS without a layer.

use std::future::{Future, Ready, ready};
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use cors_core::__private::Annotation;
use cors_core::adapter::{Endpoint, EndpointId, Pending, Step};
use http::HeaderValue;
use pin_project_lite::pin_project;

use crate::response::respond;

/// What axum's handlers that are functions return.
pub(crate) type Called = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A function that is a handler, whatever its extractors.
pub(crate) trait Call<S>: Send + Sync {
    fn call(&self, request: Request, state: S) -> Called;
}

/// A handler by the types of its extractors.
pub(crate) struct Function<H, T> {
    handler: H,
    extractors: PhantomData<fn() -> T>,
}

impl<H, T> Function<H, T> {
    pub(crate) const fn new(handler: H) -> Self {
        Self { handler, extractors: PhantomData }
    }
}

impl<H, T, S> Call<S> for Function<H, T>
where
    H: Handler<T, S, Future = Called>,
{
    fn call(&self, request: Request, state: S) -> Called {
        self.handler.clone().call(request, state)
    }
}

/// A function with its policy around it.
///
/// Its type is one for all handlers of a list, so that what axum makes of a handler is compiled once,
/// and not for each of them.
pub(crate) struct Guarded<S: 'static> {
    pub(crate) annotation: &'static Annotation,
    pub(crate) id: EndpointId,
    pub(crate) function: &'static dyn Call<S>,
}

impl<S> Clone for Guarded<S> {
    fn clone(&self) -> Self {
        Self { annotation: self.annotation, id: self.id, function: self.function }
    }
}

impl<S: Send + 'static> Handler<(), S> for Guarded<S> {
    type Future = GuardedFuture;

    #[inline]
    fn call(self, request: Request, state: S) -> GuardedFuture {
        let pending = match decide(&self.annotation.endpoint, self.id, &request) {
            Step::Respond(reply) => {
                return GuardedFuture::Respond { response: ready(Box::new(respond(reply))) };
            }
            Step::Forward(pending) => Some(pending),
            Step::PassThrough => None,
        };
        GuardedFuture::Forward { future: self.function.call(request, state), pending }
    }
}

fn decide(endpoint: &'static Endpoint, id: EndpointId, request: &Request) -> Step<HeaderValue> {
    endpoint.on_request(id, request, false)
}

fn write(pending: &mut Option<Pending<HeaderValue>>, response: &mut Response) {
    if let Some(pending) = pending {
        pending.on_response(response);
    }
}

pin_project! {
    /// The future of a guarded handler.
    #[project = GuardedProjection]
    pub(crate) enum GuardedFuture {
        Forward {
            #[pin]
            future: Called,
            pending: Option<Pending<HeaderValue>>,
        },
        Respond {
            #[pin]
            response: Ready<Box<Response>>,
        },
    }
}

impl Future for GuardedFuture {
    type Output = Response;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Response> {
        match self.project() {
            GuardedProjection::Forward { future, pending } => {
                let mut poll = future.poll(context);
                if let Poll::Ready(response) = &mut poll {
                    write(pending, response);
                }
                poll
            }
            GuardedProjection::Respond { response } => response.poll(context).map(|it| *it),
        }
    }
}
