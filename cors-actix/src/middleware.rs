//! A policy around apps, scopes and resources, and around annotated handlers.

use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::{Error, HttpResponse};
use cors_core::{PolicyHandle, Preflight, Site, Surround};
use pin_project_lite::pin_project;

use crate::answer::{self, Next, Pending, Proposal};
use crate::endpoint::Endpoint;
use crate::head::Head;
use crate::known::Known;
use crate::reach;
use crate::routes::Routes;

/// Puts a policy around an app, a scope or a resource.
///
/// It serves what has no policy of its own: an annotated handler inside answers its own
/// preflights, and its responses keep the headers of its own policy.
///
/// A middleware does not know which methods a route serves. Unless the policy declares
/// `methods`, its preflights are granted for `GET`, `HEAD`, `POST`, `PUT`, `PATCH` and
/// `DELETE`; the route then answers 404 or 405 to what it does not serve.
///
/// In an app without other policies, it answers preflights before anything inside sees
/// them. In an app with some, it passes a preflight on first, because an annotated handler
/// inside may have the better answer; if none has, the middleware answers, and what came back
/// is dropped. Something in between may keep a preflight from such a handler (authentication
/// that answers 401), so the handler makes up for it: a request that takes a preflight, which
/// its own policy would have refused to grant, is refused with 403. Told which handlers are
/// annotated, with [`Cors::around`] and [`Cors::or_else`], a middleware never passes a
/// preflight on. A policy that declares `enforce` refuses disallowed origins
/// before anything inside sees them.
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
    /// The policy of what has none; a middleware for annotated routes alone has none either.
    policy: Option<PolicyHandle>,
    /// The annotated handler that it is for; one that was put up by hand has none.
    endpoint: Option<&'static Endpoint>,
    /// The annotated routes inside, where the middleware was told.
    known: Option<Rc<Known>>,
}

impl Cors {
    /// A middleware with a policy: a `&'static Policy` from [`policy!`](crate::policy), a
    /// [`Policy`](crate::Policy) from [`Policy::builder`](crate::Policy::builder), or an
    /// `Arc<Policy>`.
    #[must_use]
    pub fn new(policy: impl Into<PolicyHandle>) -> Self {
        Self { policy: Some(policy.into()), endpoint: None, known: None }
    }

    /// The middleware of one annotated handler.
    pub(crate) fn of(endpoint: &'static Endpoint) -> Self {
        Self { policy: Some(endpoint.policy.into()), endpoint: Some(endpoint), known: None }
    }

    /// A middleware for annotated routes, to stand outside of middlewares that were wrapped
    /// around their scope: it answers their preflights, so that those never meet them, and
    /// puts the headers of their policies on what those answer by themselves.
    ///
    /// Around a scope, the paths are those inside the scope; around an app, give the list
    /// the scope's prefix with [`Routes::nest`].
    ///
    /// # Panics
    ///
    /// If the list has two handlers for one method and path, between which a `guard` chooses: a
    /// middleware further out cannot. The message names both places.
    ///
    /// # Examples
    ///
    /// ```
    /// use actix_web::{App, Responder, get, middleware::NormalizePath, web};
    /// use cors_actix::{Cors, cors, routes};
    ///
    /// #[cors(origins = ["https://app.example.com"], credentials)]
    /// #[get("/me")]
    /// async fn me() -> impl Responder {
    ///     "Ada"
    /// }
    ///
    /// let scope = web::scope("/api")
    ///     .service(me)
    ///     .wrap(NormalizePath::trim()) // or authentication, rate limits
    ///     .wrap(Cors::around(&routes![me])); // the last wrap is the outermost
    /// let app = App::new().service(scope);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn around(routes: &Routes) -> Self {
        Self { policy: None, endpoint: None, known: Some(Rc::new(routes.known())) }
    }

    /// Adds a policy for everything that is not one of the routes.
    #[must_use]
    pub fn or_else(self, policy: impl Into<PolicyHandle>) -> Self {
        Self { policy: Some(policy.into()), ..self }
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
        let may_surround = reach::may_surround();
        ready(Ok(CorsService { inner, cors: self.clone(), may_surround }))
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
    cors: Cors,
    /// Whether somebody inside may have the better answer to a preflight.
    may_surround: bool,
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

    #[inline]
    fn call(&self, request: ServiceRequest) -> Self::Future {
        let Cors { policy, endpoint, known } = &self.cors;
        if let (Some(policy), Some(endpoint)) = (policy, endpoint) {
            return match answer::decide(policy, &request, &endpoint.site()) {
                Next::Handler(decision) => self.call_inner(request, Some(decision)),
                Next::Answer(answer) => CorsFuture::answer(request, answer),
            };
        }
        match known {
            Some(known) => self.call_known(known, request),
            None => self.call_plain(request),
        }
    }
}

impl<S, B> CorsService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    /// A request that may be to annotated handlers: their policies decide, not this one.
    fn call_known(&self, known: &Known, request: ServiceRequest) -> CorsFuture<S::Future> {
        let head = Head::of(request.head());
        let preflight = Preflight::of(&head);
        let method = match &preflight {
            Some(preflight) => preflight.method().as_bytes(),
            None => request.method().as_str().as_bytes(),
        };
        let Some(siblings) = known.find(request.match_info().unprocessed(), method) else {
            return self.call_plain(request);
        };
        let Some(endpoint) = siblings.find(method) else {
            if preflight.is_some() && self.cors.policy.is_none() {
                let answer = siblings.refuse_method(&request);
                return CorsFuture::answer(request, answer);
            }
            if self.cors.policy.is_none() {
                let decision = siblings.decide_shared(&request);
                let decision = decision.map(Pending::for_errors);
                return self.call_inner(request, decision);
            }
            // The path has other handlers, which are not annotated.
            return self.call_plain(request);
        };
        match answer::decide_around(&endpoint.policy.into(), &request, &endpoint.site()) {
            Next::Handler(decision) => self.call_inner(request, Some(decision)),
            Next::Answer(answer) => CorsFuture::answer(request, answer.send()),
        }
    }

    /// A request to what is not annotated, or not known to be.
    #[inline]
    fn call_plain(&self, request: ServiceRequest) -> CorsFuture<S::Future> {
        let Some(policy) = &self.cors.policy else { return self.call_inner(request, None) };
        match answer::decide_around(policy, &request, &Site::default()) {
            Next::Handler(decision) => self.call_inner(request, Some(decision)),
            Next::Answer(answer) => {
                // Where this middleware would stop the actual request, nobody inside may
                // promise that it will pass.
                let stops = policy.enforces() && answer.refuses_origin();
                let is_unknown = self.may_surround && self.cors.known.is_none();
                if stops || !is_unknown {
                    return CorsFuture::answer(request, answer.send());
                }
                let _surround = Surround::enter(None);
                let future = self.inner.call(request);
                CorsFuture { state: State::Ask { future, answer: Some(answer) } }
            }
        }
    }

    #[inline]
    fn call_inner(
        &self,
        request: ServiceRequest,
        decision: Option<Pending>,
    ) -> CorsFuture<S::Future> {
        let _surround = Surround::enter(decision.as_ref().and_then(Pending::answers));
        let future = self.inner.call(request);
        CorsFuture { state: State::Actual { future, decision } }
    }
}

impl<F> CorsFuture<F> {
    fn answer(request: ServiceRequest, answer: HttpResponse) -> Self {
        Self { state: State::Answer { response: Some(request.into_response(answer)) } }
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
            decision: Option<Pending>,
        },
        /// The policy answers.
        Answer { response: Option<ServiceResponse> },
        /// The policy answers, unless an annotated handler inside does.
        Ask { #[pin] future: F, answer: Option<Proposal> },
    }
}

impl<F, B> Future for CorsFuture<F>
where
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
    B: MessageBody,
{
    type Output = Result<ServiceResponse<EitherBody<B>>, Error>;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // Each `take` finds nothing only if the future is polled after it was ready.
        match self.project().state.project() {
            StateProjection::Actual { future, decision } => poll_actual(future, decision, context),
            StateProjection::Answer { response } => match response.take() {
                Some(response) => Poll::Ready(Ok(response.map_into_right_body())),
                None => Poll::Pending,
            },
            StateProjection::Ask { future, answer } => {
                let result = {
                    let _surround = Surround::enter(None);
                    ready!(future.poll(context))
                };
                let Some(answer) = answer.take() else { return Poll::Pending };
                Poll::Ready(match result {
                    Ok(mut response) => Ok(if answer::is_decided(response.response_mut()) {
                        response.map_into_left_body()
                    } else {
                        response.into_response(answer.send()).map_into_right_body()
                    }),
                    Err(error) => Err(answer.replace(error)),
                })
            }
        }
    }
}

/// Writes a decision on what a service answers, in place: it is moved once, into what this
/// answers itself.
#[inline]
fn poll_actual<F, B>(
    future: Pin<&mut F>,
    decision: &mut Option<Pending>,
    context: &mut Context<'_>,
) -> Poll<Result<ServiceResponse<EitherBody<B>>, Error>>
where
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
{
    let answers = decision.as_ref().and_then(Pending::answers);
    let surround = Surround::enter(answers);
    let mut poll = future.poll(context);
    drop(surround);
    if let Poll::Ready(Ok(response)) = &mut poll
        && let Some(decision) = decision
    {
        decision.write(response.response_mut());
    }
    poll.map(|result| match result {
        Ok(response) => Ok(response.map_into_left_body()),
        Err(error) => Err(match decision.take() {
            Some(decision) => decision.write_on(error),
            None => error,
        }),
    })
}
