//! A policy around whole routers, and around any other tower stack.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use cors_core::{Actual, Policy, PolicyHandle, Site, is_preflight};
use http::{HeaderValue, Request, Response};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::answer::{self, Next, Pending, Proposal};
use crate::endpoint::Endpoint;
use crate::head::Head;
use crate::known::Known;
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
/// A preflight is passed on first, because an annotated handler inside may have the better
/// answer; if none has, the layer answers, and what came back is dropped. A policy that
/// declares `enforce` refuses disallowed origins before anything inside sees them.
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
    /// The annotated handler that the layer is for; one that was put up by hand knows none.
    site: Site<'static>,
    /// The annotated routes inside, where the layer was told.
    known: Option<Arc<Known>>,
}

impl CorsLayer {
    /// A layer with a policy: a `&'static Policy` from [`policy!`](crate::policy), a [`Policy`]
    /// from [`Policy::builder`], or an `Arc<Policy>`.
    #[must_use]
    pub fn new(policy: impl Into<PolicyHandle>) -> Self {
        Self { policy: Some(policy.into()), site: Site::default(), known: None }
    }

    /// The layer of one annotated handler, around the layers of its list.
    pub(crate) fn of(endpoint: &Endpoint) -> Self {
        Self { policy: Some(endpoint.policy.into()), site: endpoint.site(), known: None }
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
        Self { policy: None, site: Site::default(), known: Some(Arc::new(routes.known())) }
    }

    /// Adds a policy for everything that is not one of the routes.
    #[must_use]
    pub fn or_else(self, policy: impl Into<PolicyHandle>) -> Self {
        Self { policy: Some(policy.into()), ..self }
    }
}

impl<S> Layer<S> for CorsLayer {
    type Service = CorsService<S>;

    fn layer(&self, inner: S) -> CorsService<S> {
        CorsService { inner, layer: self.clone() }
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
#[derive(Debug, Clone)]
pub struct CorsService<S> {
    inner: S,
    layer: CorsLayer,
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

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let CorsLayer { policy, site, known } = &self.layer;
        let siblings = known.as_ref().and_then(|known| known.at(request.uri().path()));
        if let Some(siblings) = siblings {
            let siblings = siblings.clone();
            return self.call_known(&siblings, request);
        }
        let Some(policy) = policy else {
            return CorsFuture::actual(self.inner.call(request), None);
        };
        // Around one annotated handler, nobody further in has a policy.
        let next = if site.handler.is_some() {
            match answer::decide(policy, &request, site) {
                Next::Handler(actual) => Next::Handler(Pending::new(policy.clone(), actual)),
                Next::Answer(answer) => Next::Answer(Proposal::new(answer)),
            }
        } else {
            answer::decide_around(policy, &request)
        };
        let state = match next {
            Next::Handler(decision) => {
                State::Actual { future: self.inner.call(request), decision: Some(decision) }
            }
            Next::Answer(answer) => {
                // Where this layer would stop the actual request, nobody inside may promise
                // that it will pass; and where all annotated routes are known, this is none.
                let stops = policy.enforces() && answer.is_refusal();
                let ask = !stops && known.is_none();
                let future = ask.then(|| self.inner.call(request));
                State::Answer { future, answer: Some(answer) }
            }
        };
        CorsFuture { state }
    }
}

impl<S> CorsService<S> {
    /// A request to a path whose handlers are known: their policies decide, not this one.
    fn call_known<B, R>(
        &mut self,
        siblings: &Siblings,
        request: Request<B>,
    ) -> CorsFuture<S::Future, R>
    where
        S: Service<Request<B>, Response = Response<R>>,
        R: Default + 'static,
    {
        if is_preflight(&Head::of(&request)) {
            let answer = Proposal::new(siblings.answer_preflight(&request));
            return CorsFuture { state: State::Answer { future: None, answer: Some(answer) } };
        }
        let Some(endpoint) = siblings.find(request.method().as_str().as_bytes()) else {
            let decision = siblings.decide_shared(&request);
            return CorsFuture::actual(self.inner.call(request), decision);
        };
        let state = match answer::decide(endpoint.policy, &request, &endpoint.site()) {
            Next::Handler(actual) => State::Actual {
                future: self.inner.call(request),
                decision: Some(Pending::new(endpoint.policy.into(), actual)),
            },
            Next::Answer(answer) => {
                State::Answer { future: None, answer: Some(Proposal::new(answer)) }
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
        /// The policy answers, unless an annotated handler inside does.
        Answer { #[pin] future: Option<F>, answer: Option<Proposal<R>> },
    }
}

impl<F, R> CorsFuture<F, R> {
    /// Writes a decision that was made elsewhere.
    pub(crate) fn actual(
        future: F,
        decision: Option<(&'static Policy, Actual<HeaderValue>)>,
    ) -> Self {
        let decision = decision.map(|(policy, actual)| Pending::new(policy.into(), actual));
        Self { state: State::Actual { future, decision } }
    }
}

impl<F, R, E> Future for CorsFuture<F, R>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = Result<Response<R>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            StateProjection::Actual { future, decision } => {
                let mut response = ready!(future.poll(context))?;
                if let Some(decision) = decision.take() {
                    decision.write(&mut response);
                }
                Poll::Ready(Ok(response))
            }
            StateProjection::Answer { future, answer } => {
                if let Some(future) = future.as_pin_mut() {
                    let mut response = ready!(future.poll(context))?;
                    if answer::is_decided(&mut response) {
                        return Poll::Ready(Ok(response));
                    }
                }
                match answer.take() {
                    Some(answer) => Poll::Ready(Ok(answer.send())),
                    // Polled after it was ready; there is nothing left to say.
                    None => Poll::Pending,
                }
            }
        }
    }
}
