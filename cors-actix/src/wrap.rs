//! Middlewares between CORS and the handlers of a list: a list of them, whatever their types.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};

type Response<B> = Pin<Box<dyn Future<Output = Result<ServiceResponse<B>, Error>>>>;

/// A service, whatever its type: what a middleware of a list is put around.
///
/// # Examples
///
/// See [`Routes::wrap`](crate::Routes::wrap).
#[derive(Clone)]
pub struct AnyService(Rc<dyn Call>);

trait Call {
    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>>;

    fn call(&self, request: ServiceRequest) -> Response<BoxBody>;
}

impl<S, B> Call for S
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Service::poll_ready(self, context)
    }

    fn call(&self, request: ServiceRequest) -> Response<BoxBody> {
        let future = Service::call(self, request);
        Box::pin(async { Ok(future.await?.map_into_boxed_body()) })
    }
}

impl AnyService {
    pub(crate) fn new<S, B>(service: S) -> Self
    where
        S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
        S::Future: 'static,
        B: MessageBody + 'static,
    {
        Self(Rc::new(service))
    }
}

impl std::fmt::Debug for AnyService {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AnyService")
    }
}

impl Service<ServiceRequest> for AnyService {
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Future = Response<BoxBody>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.0.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        self.0.call(request)
    }
}

type Made = Pin<Box<dyn Future<Output = Result<AnyService, ()>>>>;

/// Puts one middleware around a service.
type Wrap = Rc<dyn Fn(AnyService) -> Made>;

/// The middlewares of a list, from the inside out.
#[derive(Clone, Default)]
pub(crate) struct Wraps(Vec<Wrap>);

impl Wraps {
    pub(crate) fn push<M, B>(&mut self, middleware: Rc<M>)
    where
        M: Transform<
                AnyService,
                ServiceRequest,
                Response = ServiceResponse<B>,
                Error = Error,
                InitError = (),
            > + 'static,
        B: MessageBody + 'static,
    {
        self.0.push(Rc::new(move |service| {
            let made = middleware.new_transform(service);
            Box::pin(async { made.await.map(AnyService::new) })
        }));
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// These, and others around them.
    pub(crate) fn inside(mut self, outer: Self) -> Self {
        self.0.extend(outer.0);
        self
    }

    /// Puts them around a service.
    pub(crate) async fn around(self, mut service: AnyService) -> Result<AnyService, ()> {
        for wrap in self.0 {
            service = wrap(service).await?;
        }
        Ok(service)
    }
}

impl std::fmt::Debug for Wraps {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Wraps").field(&self.0.len()).finish()
    }
}
