//! A handler around a handler: CORS without a layer, so nothing is boxed that axum would
//! not box anyway.

use std::future::{Future, Ready, ready};
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use cors_core::adapter::{Endpoint, EndpointId, Pending, Step};
use http::HeaderValue;
use pin_project_lite::pin_project;

use crate::endpoint::Annotated;
use crate::response::respond;

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

impl<E, H: Clone> Clone for Guarded<E, H> {
    fn clone(&self) -> Self {
        Self::new(self.handler.clone())
    }
}

impl<E, H, T, S> Handler<T, S> for Guarded<E, H>
where
    E: Annotated,
    H: Handler<T, S>,
{
    type Future = GuardedFuture<H::Future>;

    #[inline]
    fn call(self, request: Request, state: S) -> Self::Future {
        let pending = match decide(&E::annotation().endpoint, EndpointId::of::<E>(), &request) {
            Step::Respond(reply) => {
                return GuardedFuture::Respond { response: ready(Box::new(respond(reply))) };
            }
            Step::Forward(pending) => Some(pending),
            Step::PassThrough => None,
        };
        GuardedFuture::Forward { future: self.handler.call(request, state), pending }
    }
}

/// Not generic, so that all handlers of a program share the code; nor is what follows.
fn decide(endpoint: &'static Endpoint, id: EndpointId, request: &Request) -> Step<HeaderValue> {
    endpoint.on_request(id, request, false)
}

fn write(pending: &mut Option<Pending<HeaderValue>>, response: &mut Response) {
    if let Some(pending) = pending {
        pending.on_response(response);
    }
}

pin_project! {
    /// The future of a guarded handler. Its type does not name the handler, because axum's
    /// handlers all have futures of one type, and what polls those is compiled once.
    #[project = GuardedProjection]
    pub(crate) enum GuardedFuture<F> {
        Forward {
            #[pin]
            future: F,
            pending: Option<Pending<HeaderValue>>,
        },
        Respond {
            #[pin]
            response: Ready<Box<Response>>,
        },
    }
}

impl<F: Future<Output = Response>> Future for GuardedFuture<F> {
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
