//! One path: handlers with different policies, and one answer to each preflight.

use std::convert::Infallible;
use std::future::{self, Future};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, Route};
use cors_core::Preflight;
use http::header::ALLOW;
use http::{HeaderValue, StatusCode};
use tower_layer::layer_fn;
use tower_service::Service;

use crate::answer;
use crate::clash::{self, Number, Place};
use crate::endpoint::Endpoint;
use crate::head::Head;
use crate::layer::CorsFuture;
use crate::reach::{self, Found};
use crate::siblings::Siblings;

/// The handlers of one path.
pub(crate) struct Path<S> {
    name: String,
    endpoints: Vec<Endpoint>,
    router: MethodRouter<S>,
    /// The user's own handler for `OPTIONS` that are no preflights.
    options: Option<MethodRouter<S>>,
}

impl<S> Path<S>
where
    S: Clone + Send + Sync + 'static,
{
    pub(crate) fn new(name: String) -> Self {
        Self { name, endpoints: Vec::new(), router: MethodRouter::new(), options: None }
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.name == name
    }

    /// Adds a handler; that its methods are free was checked when the lists met.
    pub(crate) fn add(
        &mut self,
        endpoint: Endpoint,
        router: Option<MethodRouter<S>>,
        options: Option<MethodRouter<S>>,
    ) {
        self.endpoints.push(endpoint);
        self.router = std::mem::take(&mut self.router).merge(router.unwrap_or_default());
        self.options = self.options.take().or(options);
    }

    /// The path, and everything that it answers.
    pub(crate) fn into_route(self) -> (String, MethodRouter<S>) {
        let name = self.name.clone();
        let router = self.serve(|siblings| Some(Place::new(&name, siblings)));
        (name, router)
    }

    /// Everything that it answers, for a path that only `Router::route` will name.
    pub(crate) fn into_method_router(self) -> MethodRouter<S> {
        self.serve(|_| None)
    }

    fn serve(self, place: impl FnOnce(Siblings) -> Option<Place>) -> MethodRouter<S> {
        let allow = allow(&self.endpoints);
        let siblings = Siblings::new(self.endpoints);
        let place = place(siblings.clone());
        // Only the answer to methods that nobody serves: merging keeps the later of two.
        let shared = siblings.clone();
        let not_allowed =
            MethodRouter::<S>::new().layer::<_, Infallible>(layer_fn(move |inner: Route| Shared {
                inner,
                siblings: shared.clone(),
            }));
        let is_in_service = AtomicBool::new(false);
        let answers = Answers { siblings, allow, options: self.options, place, is_in_service };
        let preflights = Preflights { path: Arc::new(answers), number: Number::NONE };
        self.router.on(MethodFilter::OPTIONS, preflights).merge(not_allowed)
    }
}

/// The value of `Allow` for a path.
fn allow(endpoints: &[Endpoint]) -> Option<HeaderValue> {
    let mut methods = vec!["OPTIONS"];
    for method in endpoints.iter().flat_map(|endpoint| endpoint.served) {
        if !methods.contains(method) {
            methods.push(method);
        }
    }
    HeaderValue::try_from(methods.join(",")).ok()
}

/// Answers `OPTIONS` on a path: preflights by the policy of the method they ask for,
/// anything else by the user's own handler, or with the methods of the path.
///
/// Shared, because axum clones it for each request.
struct Preflights<S> {
    path: Arc<Answers<S>>,
    number: Number,
}

struct Answers<S> {
    siblings: Siblings,
    allow: Option<HeaderValue>,
    options: Option<MethodRouter<S>>,
    /// Where it lies, for the case that a router cannot be merged.
    place: Option<Place>,
    /// Whether it ever answered anything. From then on, clones are made for requests.
    is_in_service: AtomicBool,
}

impl<S> Clone for Preflights<S> {
    fn clone(&self) -> Self {
        reach::tell(|| Found::Annotated(self.path.siblings.clone()));
        let number = if self.path.is_in_service() { Number::NONE } else { Number::next() };
        Self { path: Arc::clone(&self.path), number }
    }
}

impl<S> Drop for Preflights<S> {
    fn drop(&mut self) {
        if let Some(place) = &self.path.place
            && !self.path.is_in_service()
        {
            clash::dropped(self.number, place);
        }
    }
}

impl<S> Answers<S> {
    fn is_in_service(&self) -> bool {
        self.is_in_service.load(Ordering::Relaxed)
    }

    fn answer_options(&self, request: &Request) -> Response {
        let mut response = Response::default();
        *response.status_mut() = StatusCode::NO_CONTENT;
        if let Some(allow) = &self.allow {
            response.headers_mut().insert(ALLOW, allow.clone());
        }
        if let Some((policy, actual)) = self.siblings.decide_shared(request) {
            answer::write(policy, actual, &mut response);
        }
        response
    }
}

impl<S> Handler<(), S> for Preflights<S>
where
    S: Clone + Send + Sync + 'static,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, state: S) -> Self::Future {
        let path = &self.path;
        path.is_in_service.store(true, Ordering::Relaxed);
        let head = Head::of(&request);
        if let Some(preflight) = Preflight::of(&head) {
            let answer = path.siblings.answer_preflight(&preflight, &request);
            return Box::pin(future::ready(answer));
        }
        match &path.options {
            Some(options) => Box::pin(options.clone().call(request, state)),
            None => Box::pin(future::ready(path.answer_options(&request))),
        }
    }
}

/// Writes what all policies of a path agree on, on an answer that belongs to none of them.
struct Shared<T> {
    inner: T,
    siblings: Siblings,
}

impl<T: Clone> Clone for Shared<T> {
    fn clone(&self) -> Self {
        reach::tell(|| Found::Annotated(self.siblings.clone()));
        Self { inner: self.inner.clone(), siblings: self.siblings.clone() }
    }
}

impl<T> Service<Request> for Shared<T>
where
    T: Service<Request, Response = Response>,
{
    type Response = Response;
    type Error = T::Error;
    type Future = CorsFuture<T::Future, axum::body::Body>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), T::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let decision = self.siblings.decide_shared(&request);
        CorsFuture::actual(self.inner.call(request), decision)
    }
}
