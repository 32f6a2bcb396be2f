//! A policy around whole routers, and around any other tower stack.

use std::any::TypeId;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::routing::Route;
use cors_core::{Actual, Policy, PolicyHandle, Preflight, Site, Surround, is_decided_outside};
use http::{HeaderValue, Request, Response};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::answer::{self, Next, Pending, Proposal};
use crate::endpoint::Endpoint;
use crate::head::Head;
use crate::known::Known;
use crate::reach::{self, Found, Inside};
use crate::routes::Routes;
use crate::siblings::Siblings;

/// Puts a policy around a router, or around any other tower service.
///
/// It serves what has no policy of its own: an annotated handler inside answers its own
/// preflights, and its responses keep the headers of its own policy.
///
/// A layer does not know which methods a route serves. Unless the policy declares
/// `methods`, its preflights are granted for `GET`, `HEAD`, `POST`, `PUT`, `PATCH` and
/// `DELETE`; the route then answers 405 to what it does not serve.
///
/// Put up with [`Router::layer`](axum::Router::layer), or around a router without annotated
/// handlers, it answers preflights before anything inside sees them, each by the policy of the
/// handler that it is for. Around any other service it cannot know what is inside: it passes a
/// preflight on first, because an annotated handler may have the better answer; if none has,
/// the layer answers, and what came back is dropped. A policy that declares `enforce` refuses
/// disallowed origins before anything inside sees them.
///
/// One thing it cannot see: annotated handlers of a router that was put inside as a *service*
/// (`nest_service`, `fallback_service`), or behind a layer whose clones share what is inside.
/// It answers their preflights by its own policy, and the handlers make up for it: what their
/// own policies would have refused to grant is refused with 403 when it comes. To have the
/// preflights answered right, use [`Router::nest`](axum::Router::nest), or tell the layer:
/// [`CorsLayer::around`] the list, with the prefix, and [`CorsLayer::or_else`] the policy for
/// the rest. [`check`](crate::check()) finds such routes.
///
/// # Examples
///
/// ```
/// use axum::{Router, routing::get};
/// use cors_axum::{CorsLayer, policy};
///
/// policy! { static FRONT_END = { origins = ["https://app.example.com"], credentials } }
///
/// let app: Router = Router::new()
///     .route("/health", get(|| async { "fine" }))
///     .layer(CorsLayer::new(&FRONT_END));
/// ```
///
/// With a policy from a configuration file:
///
/// ```
/// use cors_axum::{CorsLayer, Policy};
///
/// let policy = Policy::builder().origins(["https://app.example.com"]).build()?;
/// let layer = CorsLayer::new(policy);
/// # Ok::<(), cors_axum::Violations>(())
/// ```
#[derive(Debug, Clone)]
pub struct CorsLayer {
    /// The policy of what has none; a layer for annotated routes alone has none either.
    policy: Option<PolicyHandle>,
    /// The annotated handler that the layer is for; one that was put up by hand has none.
    endpoint: Option<Endpoint>,
    /// The annotated routes inside, where the layer was told.
    known: Option<Arc<Known>>,
}

impl CorsLayer {
    /// A layer with a policy: a `&'static Policy` from [`policy!`](crate::policy), a [`Policy`]
    /// from [`Policy::builder`], or an `Arc<Policy>`.
    #[must_use]
    pub fn new(policy: impl Into<PolicyHandle>) -> Self {
        Self { policy: Some(policy.into()), endpoint: None, known: None }
    }

    /// The layer of one annotated handler, around the layers of its list.
    pub(crate) fn of(endpoint: Endpoint) -> Self {
        Self { policy: None, endpoint: Some(endpoint), known: None }
    }

    /// A layer for annotated routes, to stand outside of layers that were put around their
    /// router by hand: it answers their preflights, so that those layers never meet them,
    /// and puts the headers of their policies on what those layers answer by themselves.
    ///
    /// # Examples
    ///
    /// ```
    /// use axum::Router;
    /// use axum::extract::Request;
    /// use axum::http::StatusCode;
    /// use axum::middleware::{self, Next};
    /// use axum::response::{IntoResponse, Response};
    /// use cors_axum::{CorsLayer, Routes, cors, routes};
    ///
    /// #[cors(origins = ["https://app.example.com"], credentials)]
    /// #[get("/me")]
    /// async fn me() -> &'static str {
    ///     "Ada"
    /// }
    ///
    /// async fn authenticate(request: Request, next: Next) -> Response {
    ///     match request.headers().get("cookie") {
    ///         Some(_) => next.run(request).await,
    ///         None => StatusCode::UNAUTHORIZED.into_response(),
    ///     }
    /// }
    ///
    /// let api: Routes = routes![me].nest("/api");
    /// let cors = CorsLayer::around(&api);
    /// let app: Router =
    ///     Router::new().merge(api).layer(middleware::from_fn(authenticate)).layer(cors);
    /// ```
    #[must_use]
    pub fn around<S>(routes: &Routes<S>) -> Self
    where
        S: Clone + Send + Sync + 'static,
    {
        Self { policy: None, endpoint: None, known: Some(Arc::new(routes.known())) }
    }

    /// Adds a policy for everything that is not one of the routes.
    #[must_use]
    pub fn or_else(self, policy: impl Into<PolicyHandle>) -> Self {
        Self { policy: Some(policy.into()), ..self }
    }
}

impl<S: Clone + 'static> Layer<S> for CorsLayer {
    type Service = CorsService<S>;

    fn layer(&self, inner: S) -> CorsService<S> {
        let inside = match self.endpoint {
            Some(endpoint) => Inside::Annotated(Siblings::new(vec![endpoint])),
            None => Inside::of(&inner),
        };
        let is_route = TypeId::of::<S>() == TypeId::of::<Route>();
        let more = if is_route { answer::HEADERS_OF_ROUTE } else { 0 };
        CorsService { inner, inside, more, layer: self.clone() }
    }
}

/// What [`CorsLayer`] makes of a service.
///
/// # Examples
///
/// ```
/// use cors_axum::{CorsLayer, CorsService, Policy};
/// use tower::Layer;
///
/// let policy = Policy::builder().origins(["*"]).build()?;
/// let service: CorsService<axum::Router> = CorsLayer::new(policy).layer(axum::Router::new());
/// # Ok::<(), cors_axum::Violations>(())
/// ```
#[derive(Debug)]
pub struct CorsService<S> {
    inner: S,
    inside: Inside,
    /// How many headers are added to the layer's own answers, to make room for.
    more: usize,
    layer: CorsLayer,
}

impl<S: Clone> Clone for CorsService<S> {
    fn clone(&self) -> Self {
        reach::tell(|| match (&self.inside, &self.layer) {
            (Inside::Annotated(siblings), _) => Found::Annotated(siblings.clone()),
            (Inside::Layered(policy), CorsLayer { known: None, .. })
            | (Inside::Plain, CorsLayer { policy: Some(policy), known: None, .. }) => {
                Found::Layer(policy.clone())
            }
            _ => Found::Unknown,
        });
        let Self { inner, inside, more, layer } = self;
        Self { inner: inner.clone(), inside: inside.clone(), more: *more, layer: layer.clone() }
    }
}

impl<S, B, R> Service<Request<B>> for CorsService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    R: Default + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = CorsFuture<S::Future, R>;

    #[inline]
    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    #[inline]
    fn call(&mut self, request: Request<B>) -> Self::Future {
        match self.decide(&request) {
            Turn::Inside(decision) => self.call_inner(request, decision),
            Turn::Answer(answer) => CorsFuture { state: State::Answer { answer: Some(answer) } },
            Turn::Ask(answer) => {
                let _surround = Surround::enter(None);
                let future = self.inner.call(request);
                CorsFuture { state: State::Ask { future, answer: Some(answer) } }
            }
        }
    }
}

/// Who answers a request.
enum Turn<R> {
    /// What is inside; then the decision, if there is one, is written on its response.
    Inside(Option<Pending>),
    /// The policy.
    Answer(Box<Proposal<R>>),
    /// An annotated handler inside, else the policy.
    Ask(Box<Proposal<R>>),
}

impl<R> From<Next<Pending, Box<Proposal<R>>>> for Turn<R> {
    #[inline]
    fn from(next: Next<Pending, Box<Proposal<R>>>) -> Self {
        match next {
            Next::Handler(decision) => Self::Inside(Some(decision)),
            Next::Answer(answer) => Self::Answer(answer),
        }
    }
}

impl<S> CorsService<S> {
    #[inline]
    fn decide<B, R: Default + 'static>(&self, request: &Request<B>) -> Turn<R> {
        match self.siblings(request) {
            Some(siblings) => self.decide_annotated(siblings, request),
            None => self.decide_plain(request),
        }
    }

    /// The annotated handlers that a request is for, as far as the layer knows any.
    #[inline]
    fn siblings<B>(&self, request: &Request<B>) -> Option<&Siblings> {
        match (&self.inside, &self.layer.known) {
            (Inside::Annotated(siblings), _) => Some(siblings),
            (_, Some(known)) => known.at(request.uri().path()),
            (_, None) => None,
        }
    }

    /// A request to annotated handlers: their policies decide, not this one.
    fn decide_annotated<B, R: Default + 'static>(
        &self,
        siblings: &Siblings,
        request: &Request<B>,
    ) -> Turn<R> {
        let head = Head::of(request);
        let preflight = Preflight::of(&head);
        let method = match &preflight {
            Some(preflight) => preflight.method().as_bytes(),
            None => request.method().as_str().as_bytes(),
        };
        if let Some(endpoint) = siblings.find(method) {
            if is_decided_outside(endpoint.policy) {
                return Turn::Inside(None);
            }
            let policy = endpoint.policy.into();
            return answer::decide_around(&policy, request, &endpoint.site(), self.more).into();
        }
        match preflight {
            // The path has other handlers, which are not annotated.
            _ if self.layer.policy.is_some() => self.decide_plain(request),
            Some(preflight) => {
                let answer = Proposal::new(siblings.answer_preflight(&preflight, request));
                Turn::Answer(Box::new(answer))
            }
            None => Turn::Inside(siblings.decide_shared(request).map(Pending::for_errors)),
        }
    }

    /// A request to what is not annotated, or not known to be.
    #[inline]
    fn decide_plain<B, R: Default + 'static>(&self, request: &Request<B>) -> Turn<R> {
        let Some(policy) = &self.layer.policy else { return Turn::Inside(None) };
        if let Inside::Layered(inner) = &self.inside {
            return self.decide_layered(policy, inner, request);
        }
        match answer::decide_around(policy, request, &Site::default(), self.more) {
            // Where this layer would stop the actual request, nobody inside may promise that
            // it will pass.
            Next::Answer(answer)
                if matches!(self.inside, Inside::Unknown)
                    && self.layer.known.is_none()
                    && !(policy.enforces() && answer.refuses_origin()) =>
            {
                Turn::Ask(answer)
            }
            next => next.into(),
        }
    }

    /// A request to another layer, which has the last word but on origins that this one
    /// enforces against.
    fn decide_layered<B, R: Default + 'static>(
        &self,
        policy: &PolicyHandle,
        inner: &PolicyHandle,
        request: &Request<B>,
    ) -> Turn<R> {
        let decide = |policy| answer::decide_around(policy, request, &Site::default(), self.more);
        if policy.enforces()
            && let Next::Answer(answer) = decide(policy)
            && answer.refuses_origin()
        {
            return Turn::Answer(answer);
        }
        decide(inner).into()
    }

    #[inline]
    fn call_inner<B, R>(
        &mut self,
        request: Request<B>,
        decision: Option<Pending>,
    ) -> CorsFuture<S::Future, R>
    where
        S: Service<Request<B>, Response = Response<R>>,
    {
        let _surround = Surround::enter(decision.as_ref().and_then(Pending::answers));
        let future = self.inner.call(request);
        CorsFuture { state: State::Actual { future, decision } }
    }
}

pin_project! {
    /// The future of a [`CorsService`].
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_axum::{CorsLayer, Policy};
    /// use tower::{Layer, ServiceExt, service_fn};
    ///
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    /// # runtime.block_on(async {
    /// let handler = service_fn(|_: http::Request<()>| async {
    ///     Ok::<_, std::convert::Infallible>(http::Response::new(String::from("hello")))
    /// });
    /// let policy = Policy::builder().origins(["*"]).build()?;
    /// let response = CorsLayer::new(policy).layer(handler).oneshot(http::Request::new(())).await?;
    /// assert_eq!(response.headers()["access-control-allow-origin"], "*");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[derive(Debug)]
    pub struct CorsFuture<F, R> {
        #[pin]
        state: State<F, R>,
    }
}

pin_project! {
    #[derive(Debug)]
    #[project = StateProjection]
    enum State<F, R> {
        /// The service answers, the policy writes on it.
        Actual { #[pin] future: F, decision: Option<Pending> },
        /// The policy answers.
        Answer { answer: Option<Box<Proposal<R>>> },
        /// The policy answers, unless an annotated handler inside does.
        Ask { #[pin] future: F, answer: Option<Box<Proposal<R>>> },
    }
}

impl<F, R> CorsFuture<F, R> {
    /// Writes a decision that was made elsewhere.
    pub(crate) fn actual(
        future: F,
        decision: Option<(&'static Policy, Actual<HeaderValue>)>,
    ) -> Self {
        let decision = decision.map(Pending::for_errors);
        Self { state: State::Actual { future, decision } }
    }
}

impl<F, R, E> Future for CorsFuture<F, R>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = Result<Response<R>, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // Each `take` finds nothing only if the future is polled after it was ready.
        match self.project().state.project() {
            StateProjection::Actual { future, decision } => poll_actual(future, decision, context),
            StateProjection::Answer { answer } => match answer.take() {
                Some(answer) => Poll::Ready(Ok(answer.send())),
                None => Poll::Pending,
            },
            StateProjection::Ask { future, answer } => {
                let mut response = {
                    let _surround = Surround::enter(None);
                    ready!(future.poll(context))?
                };
                match answer.take() {
                    _ if answer::is_decided(&mut response) => Poll::Ready(Ok(response)),
                    Some(answer) => Poll::Ready(Ok(answer.send())),
                    None => Poll::Pending,
                }
            }
        }
    }
}

/// Writes a decision on what a service answers, in place: to move a response costs more than
/// to look through it.
#[inline]
fn poll_actual<F, R, E>(
    future: Pin<&mut F>,
    decision: &mut Option<Pending>,
    context: &mut Context<'_>,
) -> Poll<Result<Response<R>, E>>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    let answers = decision.as_ref().and_then(Pending::answers);
    let surround = Surround::enter(answers);
    let mut poll = future.poll(context);
    drop(surround);
    if let Poll::Ready(Ok(response)) = &mut poll
        && let Some(decision) = decision
    {
        decision.write(response);
    }
    poll
}
