//! A function that is a handler, as a service of one type for all handlers of a program: what actix
//! makes of a service is compiled once, and not for each of them. And its policy around it.

use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::dev::{Service, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::{Error, FromRequest, Handler, HttpResponse, Responder};
use pin_project_lite::pin_project;

use crate::middleware::{Cors, CorsFuture, CorsService};

type Ran = Pin<Box<dyn Future<Output = Result<ServiceResponse, Error>>>>;

/// Runs a handler.
#[derive(Clone)]
pub(crate) struct Run(Rc<dyn Fn(ServiceRequest) -> Ran>);

impl Run {
    /// As `Route::to` does: extractors, the handler, and the response of what it returns.
    pub(crate) fn new<F, Args>(handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        Self(Rc::new(move |request| {
            let handler = handler.clone();
            Box::pin(async move {
                let (request, mut payload) = request.into_parts();
                let response = match Args::from_request(&request, &mut payload).await {
                    Ok(args) => handler.call(args).await.respond_to(&request).map_into_boxed_body(),
                    Err(error) => HttpResponse::from_error(error),
                };
                Ok(ServiceResponse::new(request, response))
            })
        }))
    }
}

impl ServiceFactory<ServiceRequest> for Run {
    type Response = ServiceResponse;
    type Error = Error;
    type Config = ();
    type Service = Self;
    type InitError = ();
    type Future = Ready<Result<Self, ()>>;

    fn new_service(&self, (): ()) -> Self::Future {
        ready(Ok(self.clone()))
    }
}

impl Service<ServiceRequest> for Run {
    type Response = ServiceResponse;
    type Error = Error;
    type Future = Ran;

    fn poll_ready(&self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&self, request: ServiceRequest) -> Ran {
        (self.0)(request)
    }
}

/// What serves a route, with its policy around it. Unlike that of a middleware, its body has the type that
/// actix registers.
pub(crate) struct Guarded<S>(CorsService<S>);

impl<S> Guarded<S> {
    pub(crate) const fn new(inner: S, cors: Cors) -> Self {
        Self(CorsService::new(inner, cors))
    }
}

impl<S> Service<ServiceRequest> for Guarded<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse, Error = Error>,
{
    type Response = ServiceResponse;
    type Error = Error;
    type Future = GuardedFuture<S::Future>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.0.poll_ready(context)
    }

    #[inline]
    fn call(&self, request: ServiceRequest) -> Self::Future {
        GuardedFuture { future: self.0.call(request) }
    }
}

pin_project! {
    /// The future of a guarded handler.
    pub(crate) struct GuardedFuture<F> {
        #[pin]
        future: CorsFuture<F>,
    }
}

impl<F> Future for GuardedFuture<F>
where
    F: Future<Output = Result<ServiceResponse, Error>>,
{
    type Output = Result<ServiceResponse, Error>;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let result = self.project().future.poll(context);
        result.map(|result| result.map(ServiceResponse::map_into_boxed_body))
    }
}
