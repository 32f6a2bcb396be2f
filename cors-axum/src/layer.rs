//! A policy around whole routers, and around any other tower stack.

use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::{MatchedPath, NestedPath};
use cors_core::adapter::{
    Endpoint, EndpointId, LayerPolicy, PathRoutes, Pending, RouteIndex, Step,
};
use cors_core::{PolicyRef, RouteTable};
use http::{HeaderValue, Request, Response};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::response::respond;

/// Puts a policy around a router, or around any other tower service.
///
/// **With a policy** ([`CorsLayer::new`]) it answers preflights by its own
/// policy, and runs nothing to find out whether another one is inside. A policy inside of it, of an
/// annotated handler or of another layer, writes its own headers on its responses, and is strict:
/// cross-origin requests whose origin, method or cookies it does not allow are rejected with 403 before
/// anything inside of it runs. The request headers of a preflight are for the outer policy alone to
/// allow. The log has a warning, once for each handler. Without a list of its own, a layer cannot know
/// which methods a route serves: unless the policy declares `methods`, it allows `GET`, `HEAD`,
/// `POST`, `PUT`, `PATCH` and `DELETE`.
///
/// **With the routes** ([`CorsLayer::for_routes`]) it answers their preflights, each by the policy
/// of the handler that axum would run, and puts that policy on whatever comes back: the 401 of a
/// layer in between, a timeout, a 405. [`Routes::into_app`](crate::Routes::into_app) puts it where
/// it belongs, outside of everything else. It reads what axum matched ([`MatchedPath`]), so it must
/// be put up with [`Router::layer`](axum::Router::layer); outside of a router it claims nothing,
/// and leaves preflights to the handlers.
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
    decide: Decide,
}

/// What decides.
#[derive(Debug, Clone)]
enum Decide {
    Policy(LayerPolicy),
    Routes(Arc<RouteIndex>),
    Handler(Arc<HandlerPolicy>),
    /// Around what answers a method that no handler of a path serves.
    Unserved(Arc<PathRoutes>),
}

/// The policy of one handler, around the layers of its list.
#[derive(Debug)]
struct HandlerPolicy {
    endpoint: Endpoint,
    id: EndpointId,
    explain: bool,
}

impl CorsLayer {
    /// A layer with a policy: a `&'static Policy` from [`policy!`](crate::policy), a
    /// [`Policy`](crate::Policy) from [`Policy::builder`](crate::Policy::builder), or an
    /// `Arc<Policy>`.
    #[must_use]
    pub fn new(policy: impl Into<PolicyRef>) -> Self {
        Self { decide: Decide::Policy(LayerPolicy::new(policy)) }
    }

    /// A layer that is given the routes: their [`table`](crate::Routes::table).
    ///
    /// # Examples
    ///
    /// ```
    /// use axum::Router;
    /// use axum::extract::Request;
    /// use axum::middleware::{self, Next};
    /// use axum::response::Response;
    /// use cors_axum::{CorsLayer, Routes, cors, routes};
    ///
    /// #[cors(origins = ["https://app.example.com"], credentials)]
    /// #[get("/me")]
    /// async fn me() -> &'static str {
    ///     "Ada"
    /// }
    ///
    /// async fn authenticate(request: Request, next: Next) -> Response {
    ///     next.run(request).await
    /// }
    ///
    /// // By hand, what `into_app` does:
    /// let api: Routes = routes![me].nest("/api");
    /// let cors = CorsLayer::for_routes(&api.table());
    /// let app: Router =
    ///     Router::new().merge(api).layer(middleware::from_fn(authenticate)).layer(cors);
    /// ```
    #[must_use]
    pub fn for_routes(routes: &RouteTable) -> Self {
        Self::of_routes(RouteIndex::new(routes))
    }

    /// Adds a policy for everything that is none of the routes; without routes, replaces the
    /// policy.
    #[must_use]
    pub fn default_policy(self, policy: impl Into<PolicyRef>) -> Self {
        match self.decide {
            Decide::Routes(index) => {
                let index = Arc::unwrap_or_clone(index).default_policy(policy);
                Self { decide: Decide::Routes(Arc::new(index)) }
            }
            Decide::Policy(_) | Decide::Handler(_) | Decide::Unserved(_) => Self::new(policy),
        }
    }

    /// Whether rejected preflights are explained: the body has the reason, and a browser's console names
    /// the method or the header. For development: it shows everyone what a policy allows.
    #[must_use]
    pub fn explain(self, explain: bool) -> Self {
        let decide = match self.decide {
            Decide::Policy(policy) => Decide::Policy(policy.explain(explain)),
            Decide::Routes(index) => {
                Decide::Routes(Arc::new(Arc::unwrap_or_clone(index).explain(explain)))
            }
            decide @ (Decide::Handler(_) | Decide::Unserved(_)) => decide,
        };
        Self { decide }
    }

    /// A layer around everything else.
    pub(crate) fn of_routes(index: RouteIndex) -> Self {
        Self { decide: Decide::Routes(Arc::new(index)) }
    }

    /// The layer of one handler, around the layers of its list.
    pub(crate) fn of_handler(endpoint: Endpoint, id: EndpointId, explain: bool) -> Self {
        Self { decide: Decide::Handler(Arc::new(HandlerPolicy { endpoint, id, explain })) }
    }

    /// The layer around what answers a method that no handler of a path serves.
    pub(crate) fn of_unserved(routes: Arc<PathRoutes>) -> Self {
        Self { decide: Decide::Unserved(routes) }
    }

    #[inline]
    fn on_request<B>(&self, request: &Request<B>) -> Step<HeaderValue> {
        match &self.decide {
            Decide::Policy(policy) => policy.on_request(request),
            Decide::Routes(index) => index.on_request(request, matched_path(request)),
            Decide::Handler(handler) => {
                handler.endpoint.on_request(handler.id, request, handler.explain)
            }
            Decide::Unserved(routes) => routes.on_unserved(request),
        }
    }
}

/// The path of the route that axum matched, from the router on that the layer is in.
fn matched_path<B>(request: &Request<B>) -> Option<&str> {
    let matched = request.extensions().get::<MatchedPath>()?.as_str();
    let requested = request.uri().path();
    let Some(prefix) = request.extensions().get::<NestedPath>() else {
        return own_part(matched, requested);
    };
    let below = matched.strip_prefix(prefix.as_str().trim_end_matches('/'));
    let below = below.map(|path| if path.is_empty() { "/" } else { path });
    // In the fallback of a nested router, axum forgets what it has matched before.
    below.and_then(|it| own_part(it, requested)).or_else(|| own_part(matched, requested))
}

/// What of a path a router has matched itself.
///
/// A router that is called as a service by something else than `nest_service` appends its path to
/// that of its caller, which has matched the same path of the request. So its own part is what is
/// behind the last rest (`{*rest}`) of another, or as many segments as the request has.
#[inline]
fn own_part<'a>(path: &'a str, requested: &str) -> Option<&'a str> {
    if count_segments(path) == count_segments(requested) && !path.as_bytes().contains(&b'*') {
        return Some(path);
    }
    find_own_part(path, requested)
}

fn count_segments(path: &str) -> usize {
    path.bytes().filter(|byte| *byte == b'/').count()
}

#[cold]
fn find_own_part<'a>(path: &'a str, requested: &str) -> Option<&'a str> {
    let last = path.rfind('/')?;
    let (front, is_rest) = (path.get(..last)?, path.get(last..)?.starts_with("/{*"));
    let path = match front.rfind("/{*") {
        Some(rest) => path.get(rest + 1..)?.find('/').and_then(|end| path.get(rest + 1 + end..))?,
        None => path,
    };
    let (segments, requested) = (count_segments(path), count_segments(requested));
    let before = match segments.checked_rem(requested)? {
        0 => segments - requested,
        own if is_rest => segments - own,
        _ => return None,
    };
    let mut slashes = path.bytes().enumerate().filter(|(_, byte)| *byte == b'/');
    let (start, _) = slashes.nth(before)?;
    path.get(start..)
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
    type Future = CorsFuture<S::Future, R, S::Error>;

    #[inline]
    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    #[inline]
    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let pending = match self.layer.on_request(&request) {
            Step::Respond(reply) => {
                let response = ready(Ok(Box::new(respond(reply))));
                return CorsFuture { state: State::Respond { response } };
            }
            Step::Forward(pending) => {
                request.extensions_mut().insert(pending.outer());
                Some(pending)
            }
            Step::PassThrough => None,
        };
        CorsFuture { state: State::Forward { future: self.inner.call(request), pending } }
    }
}

pin_project! {
    /// The future of a [`CorsService`].
    ///
    /// # Panics
    ///
    /// If it is polled again after it was ready, as futures may.
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
    pub struct CorsFuture<F, R, E> {
        #[pin]
        state: State<F, R, E>,
    }
}

pin_project! {
    #[derive(Debug)]
    #[project = StateProjection]
    enum State<F, R, E> {
        /// The service answers, the policy writes on it.
        Forward { #[pin] future: F, pending: Option<Pending<HeaderValue>> },
        /// The policy answers.
        Respond { #[pin] response: Ready<Result<Box<Response<R>>, E>> },
    }
}

impl<F, R, E> Future for CorsFuture<F, R, E>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = Result<Response<R>, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            StateProjection::Forward { future, pending } => {
                let mut poll = future.poll(context);
                // In place: to move a response costs more than to look through it.
                if let (Poll::Ready(Ok(response)), Some(pending)) = (&mut poll, pending) {
                    pending.on_response(response);
                }
                poll
            }
            StateProjection::Respond { response } => {
                response.poll(context).map(|result| result.map(|response| *response))
            }
        }
    }
}
