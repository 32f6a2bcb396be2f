//! A function that is a handler, as a service of one type for all handlers of a program: what actix
//! makes of a service is compiled once, and not for each of them.

use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::dev::{Service, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::{Error, FromRequest, Handler, HttpResponse, Responder};

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
