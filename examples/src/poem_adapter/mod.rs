//! An adapter for a third framework, [poem], on nothing but [`cors_core::adapter`].
//!
//! As in poem's own middlewares, what is inside answers an error with a response here; an endpoint
//! that catches errors stands inside of CORS.

mod app;

use cors_core::PolicyRef;
use cors_core::adapter::{LayerPolicy, Step};
use poem::{Endpoint, Middleware, Request, Response, Result};

pub use app::app;

/// Puts a policy around an endpoint.
#[derive(Debug, Clone)]
pub struct Cors(LayerPolicy);

impl Cors {
    /// A middleware with a policy.
    pub fn new(policy: impl Into<PolicyRef>) -> Self {
        Self(LayerPolicy::new(policy))
    }

    /// Whether rejected requests are explained.
    #[must_use]
    pub fn explain(self, explain: bool) -> Self {
        Self(self.0.explain(explain))
    }
}

impl<E: Endpoint> Middleware<E> for Cors {
    type Output = CorsEndpoint<E>;

    fn transform(&self, inner: E) -> CorsEndpoint<E> {
        CorsEndpoint { inner, cors: self.0.clone() }
    }
}

/// What [`Cors`] makes of an endpoint.
#[derive(Debug)]
pub struct CorsEndpoint<E> {
    inner: E,
    cors: LayerPolicy,
}

impl<E: Endpoint> Endpoint for CorsEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let (method, uri) = (request.method(), request.original_uri());
        let head = (method, uri, request.headers(), request.extensions());
        let mut pending = match self.cors.on_request(&head) {
            Step::Respond(reply) => {
                let (mut head, _) = Response::default().into_parts();
                let body =
                    reply.write(&mut (&mut head.status, &mut head.headers, &mut head.extensions));
                return Ok(Response::from_parts(head, body.unwrap_or_default().into()));
            }
            Step::Forward(pending) => pending,
            Step::PassThrough => return Ok(self.inner.get_response(request).await),
        };
        request.extensions_mut().insert(pending.outer());
        let (mut head, body) = self.inner.get_response(request).await.into_parts();
        pending.on_response(&mut (&mut head.status, &mut head.headers, &mut head.extensions));
        Ok(Response::from_parts(head, body))
    }
}
