//! A policy around apps, scopes and resources, and around one annotated handler.

use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use actix_web::{Error, HttpResponse};
use cors_core::{Actual, PolicyHandle, Site};
use pin_project_lite::pin_project;

use crate::answer::{self, Next};
use crate::endpoint::Endpoint;

/// Puts a policy around an app, a scope or a resource.
///
/// It serves what has no policy of its own: an annotated handler inside answers its own
/// preflights, and its responses keep the headers of its own policy.
///
/// A middleware does not know which methods a route serves. Unless the policy declares
/// `methods`, its preflights are granted for `GET`, `HEAD`, `POST`, `PUT`, `PATCH` and
/// `DELETE`; the route then answers 404 or 405 to what it does not serve.
///
/// A preflight is passed on first, because an annotated handler inside may have the better
/// answer; if none has, the middleware answers, and what came back is dropped. A policy
/// that declares `enforce` refuses disallowed origins before anything inside sees them.
///
/// # Examples
///
/// ```
/// use actix_web::{App, web};
/// use cors_actix::{Cors, policy};
///
/// policy! { static FRONT_END = { origins = ["https://app.example.com"], credentials } }
///
/// let app = App::new()
///     .wrap(Cors::new(&FRONT_END))
///     .route("/health", web::get().to(|| async { "fine" }));
/// ```
///
/// With a policy from a configuration file:
///
/// ```
/// use cors_actix::{Cors, Policy};
///
/// let policy = Policy::builder().origins(["https://app.example.com"]).build()?;
/// let middleware = Cors::new(policy);
/// # Ok::<(), cors_actix::Violations>(())
/// ```
#[derive(Debug, Clone)]
pub struct Cors {
    policy: PolicyHandle,
}

impl Cors {
    /// A middleware with a policy: a `&'static Policy` from [`policy!`](crate::policy), a
    /// [`Policy`](crate::Policy) from [`Policy::builder`](crate::Policy::builder), or an
    /// `Arc<Policy>`.
    #[must_use]
    pub fn new(policy: impl Into<PolicyHandle>) -> Self {
        Self { policy: policy.into() }
    }
}

impl<S, B> Transform<S, ServiceRequest> for Cors
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = CorsService<S>;
    type InitError = ();
    type Future = Ready<Result<CorsService<S>, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(CorsService { inner, policy: self.policy.clone(), site: Site::default() }))
    }
}

/// The middleware of one annotated handler.
#[derive(Debug, Clone)]
pub struct Annotation {
    endpoint: &'static Endpoint,
}

impl Annotation {
    /// The middleware of a handler.
    #[must_use]
    pub const fn new(endpoint: &'static Endpoint) -> Self {
        Self { endpoint }
    }
}

impl<S, B> Transform<S, ServiceRequest> for Annotation
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = CorsService<S>;
    type InitError = ();
    type Future = Ready<Result<CorsService<S>, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        let Endpoint { policy, served, handler, .. } = self.endpoint;
        let site = Site { handler: Some(handler), served: Some(served) };
        ready(Ok(CorsService { inner, policy: (*policy).into(), site }))
    }
}

/// What [`Cors`] makes of a service.
///
/// # Examples
///
/// ```
/// use actix_web::HttpResponse;
/// use actix_web::dev::{ServiceRequest, Transform, fn_service};
/// use cors_actix::{Cors, CorsService, Policy};
///
/// # #[actix_web::main] async fn main() -> Result<(), cors_actix::Violations> {
/// let inner = fn_service(|request: ServiceRequest| async {
///     Ok(request.into_response(HttpResponse::Ok().finish()))
/// });
/// let policy = Policy::builder().origins(["*"]).build()?;
/// let service: Result<CorsService<_>, ()> = Cors::new(policy).new_transform(inner).await;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct CorsService<S> {
    inner: S,
    policy: PolicyHandle,
    /// The annotated handler; a middleware knows none.
    site: Site<'static>,
}

impl<S, B> Service<ServiceRequest> for CorsService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = CorsFuture<S::Future>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let state = match answer::decide(&self.policy, &request, &self.site) {
            Next::Handler(actual) => State::Actual {
                future: self.inner.call(request),
                decision: Some((self.policy.clone(), actual)),
            },
            Next::Answer(answer) => {
                // Where this middleware would stop the actual request, nobody inside may
                // promise that it will pass; and inside an annotation there is only the
                // handler.
                let stops = self.policy.enforces() && answer.status() == StatusCode::FORBIDDEN;
                if stops || self.site.handler.is_some() {
                    State::Answer { response: Some(request.into_response(answer)) }
                } else {
                    State::Ask { future: self.inner.call(request), answer: Some(answer) }
                }
            }
        };
        CorsFuture { state }
    }
}

pin_project! {
    /// The future of a [`CorsService`].
    ///
    /// # Examples
    ///
    /// ```
    /// use actix_web::{App, dev::Service, test};
    /// use cors_actix::{Cors, Policy};
    ///
    /// # #[actix_web::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let policy = Policy::builder().origins(["*"]).build()?;
    /// let app = test::init_service(App::new().wrap(Cors::new(policy))).await;
    /// let response = app.call(test::TestRequest::default().to_request()).await?;
    /// assert_eq!(response.headers().get("access-control-allow-origin").unwrap(), "*");
    /// # Ok(()) }
    /// ```
    #[derive(Debug)]
    pub struct CorsFuture<F> {
        #[pin]
        state: State<F>,
    }
}

pin_project! {
    #[derive(Debug)]
    #[project = StateProjection]
    enum State<F> {
        /// The service answers, the policy writes on it.
        Actual {
            #[pin]
            future: F,
            decision: Option<(PolicyHandle, Actual<HeaderValue>)>,
        },
        /// The policy answers.
        Answer { response: Option<ServiceResponse> },
        /// The policy answers, unless an annotated handler inside does.
        Ask { #[pin] future: F, answer: Option<HttpResponse> },
    }
}

impl<F, B> Future for CorsFuture<F>
where
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
    B: MessageBody,
{
    type Output = Result<ServiceResponse<EitherBody<B>>, Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // Each `take` finds nothing only if the future is polled after it was ready.
        match self.project().state.project() {
            StateProjection::Actual { future, decision } => {
                let result = ready!(future.poll(context));
                let Some((policy, actual)) = decision.take() else { return Poll::Pending };
                Poll::Ready(match result {
                    Ok(mut response) => {
                        answer::write(&policy, actual, response.response_mut());
                        Ok(response.map_into_left_body())
                    }
                    Err(error) => Err(answer::write_on_error(policy, actual, error)),
                })
            }
            StateProjection::Answer { response } => match response.take() {
                Some(response) => Poll::Ready(Ok(response.map_into_right_body())),
                None => Poll::Pending,
            },
            StateProjection::Ask { future, answer } => {
                let result = ready!(future.poll(context));
                let Some(answer) = answer.take() else { return Poll::Pending };
                Poll::Ready(match result {
                    Ok(mut response) => Ok(if answer::is_decided(response.response_mut()) {
                        response.map_into_left_body()
                    } else {
                        response.into_response(answer).map_into_right_body()
                    }),
                    Err(error) => Err(answer::replace_error(error, answer)),
                })
            }
        }
    }
}
