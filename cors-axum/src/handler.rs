//! A handler around a handler: CORS without a layer.

use std::future::{Future, Ready, ready};
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};
use cors_core::__private::Annotation;
use cors_core::adapter::{EndpointId, Pending, Step};
use http::HeaderValue;
use pin_project_lite::pin_project;

use crate::endpoint::Annotated;
use crate::response::respond;

/// What axum's handlers that are functions return.
pub(crate) type Called = Pin<Box<dyn Future<Output = Response> + Send>>;

/// An annotated function: what the attribute records of it, and how it is called.
pub(crate) trait Function<S>: Send + Sync {
    fn annotation(&self) -> &'static Annotation;

    fn id(&self) -> EndpointId;

    fn call(&self, request: Request, state: S) -> Called;
}

/// An annotated function by its type, that of its endpoint and those of its extractors.
///
/// It takes no memory, as the function takes none.
pub(crate) struct Typed<E, H, T> {
    handler: H,
    types: PhantomData<fn() -> (E, T)>,
}

impl<E, H, T> Typed<E, H, T> {
    pub(crate) const fn new(handler: H) -> Self {
        Self { handler, types: PhantomData }
    }
}

impl<E, H: Clone, T> Clone for Typed<E, H, T> {
    fn clone(&self) -> Self {
        Self::new(self.handler.clone())
    }
}

impl<E, H, T, S> Function<S> for Typed<E, H, T>
where
    E: Annotated,
    H: Handler<T, S, Future = Called>,
{
    #[inline]
    fn annotation(&self) -> &'static Annotation {
        E::annotation()
    }

    #[inline]
    fn id(&self) -> EndpointId {
        EndpointId::of::<E>()
    }

    #[inline]
    fn call(&self, request: Request, state: S) -> Called {
        self.handler.clone().call(request, state)
    }
}

/// A function with its policy around it.
#[derive(Clone)]
pub(crate) struct Guarded<F>(pub(crate) F);

/// Makes the router of an annotated handler.
pub(crate) trait MakeRoute<S>: Send + Sync {
    fn route(&self, filter: MethodFilter) -> MethodRouter<S>;
}

impl<F, S> MakeRoute<S> for Guarded<F>
where
    F: Function<S> + Clone + 'static,
    S: Clone + Send + Sync + 'static,
{
    fn route(&self, filter: MethodFilter) -> MethodRouter<S> {
        on(filter, self.clone())
    }
}

/// In a debug build, functions of one type for all handlers of a list: what axum makes of a handler is
/// compiled once, and not for each of them.
#[cfg(debug_assertions)]
pub(crate) fn guarded<S>(
    function: impl Function<S> + 'static,
) -> Guarded<&'static (dyn Function<S> + 'static)> {
    // It takes no memory, so nothing leaks.
    Guarded(Box::leak(Box::new(function)))
}

#[cfg(debug_assertions)]
impl<S> Function<S> for &'static dyn Function<S> {
    fn annotation(&self) -> &'static Annotation {
        (**self).annotation()
    }

    fn id(&self) -> EndpointId {
        (**self).id()
    }

    fn call(&self, request: Request, state: S) -> Called {
        (**self).call(request, state)
    }
}

/// In a release build, functions of a type each: axum clones a handler for each request, in an
/// allocation unless it takes no memory.
#[cfg(not(debug_assertions))]
pub(crate) const fn guarded<F>(function: F) -> Guarded<F> {
    Guarded(function)
}

impl<F, S> Handler<(), S> for Guarded<F>
where
    F: Function<S> + Clone + 'static,
    S: Send + 'static,
{
    type Future = GuardedFuture;

    #[inline]
    fn call(self, request: Request, state: S) -> GuardedFuture {
        let pending = match decide(self.0.annotation(), self.0.id(), &request) {
            Step::Respond(reply) => {
                return GuardedFuture::Respond { response: ready(Box::new(respond(reply))) };
            }
            Step::Forward(pending) => Some(pending),
            Step::PassThrough => None,
        };
        GuardedFuture::Forward { future: self.0.call(request, state), pending }
    }
}

/// Not generic, so that all handlers share the code; nor is what follows.
fn decide(annotation: &Annotation, id: EndpointId, request: &Request) -> Step<HeaderValue> {
    annotation.endpoint.on_request(id, request, false)
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
