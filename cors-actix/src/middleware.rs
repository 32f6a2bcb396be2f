//! A policy around apps, scopes and resources, and around single handlers.

use std::cell::RefCell;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::http::Method;
use actix_web::http::header::HeaderValue;
use actix_web::{Error, HttpMessage};
use cors_core::adapter::{
    LayerPolicy, Outer, Pending, Reply, RequestHead, ResponseHead, RouteIndex, Routing, Step,
    segments,
};
use cors_core::{PolicyRef, RouteTable, Snapshot};
use pin_project_lite::pin_project;

use crate::head::{Head, Response};
use crate::resource::{Place, routed_path};
use crate::response::respond;

/// Puts a policy around an app, a scope or a resource.
///
/// **With a policy** ([`Cors::new`]) it answers preflights by its own policy,
/// and runs nothing to find out whether another one is inside. A policy inside of it, of an
/// annotated handler or of another middleware, writes its own headers on its responses, and is strict:
/// cross-origin requests whose origin, method or cookies it does not allow are rejected with 403 before
/// anything inside of it runs. The request headers of a preflight are for the outer policy alone to
/// allow. The log has a warning, once for each handler. Without a list of its own, a middleware does not
/// know which methods a route serves: unless the policy declares `methods`, it allows `GET`,
/// `HEAD`, `POST`, `PUT`, `PATCH` and `DELETE`.
///
/// **With the routes** ([`Cors::for_routes`]) it answers their preflights, and puts their policies
/// on what a middleware in between answers: a 401, a timeout, a 404. [`Routes::into_scope`] and
/// [`Routes::into_app`] put it where it belongs, outside of everything else. actix decides which
/// handler runs; the handler marks its response for the middleware.
///
/// [`Routes::into_scope`]: crate::Routes::into_scope
/// [`Routes::into_app`]: crate::Routes::into_app
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
    decide: Decide,
}

/// What decides.
#[derive(Debug, Clone)]
enum Decide {
    Policy(LayerPolicy),
    Routes(Rc<RouteIndex>),
    Handler(Rc<Place>),
}

/// What the policy of the handler that actix ran has decided.
#[derive(Debug)]
struct Ran {
    /// `None` for a handler that handles CORS itself.
    policy: Option<Snapshot>,
    /// What is to be written, if nothing has written it yet.
    pending: Option<Pending<HeaderValue>>,
}

impl Cors {
    /// A middleware with a policy: a `&'static Policy` from [`policy!`](crate::policy), a
    /// [`Policy`](crate::Policy) from [`Policy::builder`](crate::Policy::builder), or an
    /// `Arc<Policy>`.
    #[must_use]
    pub fn new(policy: impl Into<PolicyRef>) -> Self {
        Self { decide: Decide::Policy(LayerPolicy::new(policy)) }
    }

    /// A middleware that is given the routes: their [`table`](crate::Routes::table), with the paths
    /// that they have inside of what it is wrapped around.
    ///
    /// # Examples
    ///
    /// ```
    /// use actix_web::{App, Responder, get, middleware::DefaultHeaders, web};
    /// use cors_actix::{Cors, cors, routes};
    ///
    /// #[cors(origins = ["https://app.example.com"], credentials)]
    /// #[get("/me")]
    /// async fn me() -> impl Responder {
    ///     "Ada"
    /// }
    ///
    /// // By hand, what `into_scope` does:
    /// let scope = web::scope("/api")
    ///     .service(routes![me])
    ///     .wrap(DefaultHeaders::new()) // or authentication, rate limits
    ///     .wrap(Cors::for_routes(&routes![me].table())); // the last wrap is the outermost
    /// let app = App::new().service(scope);
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
                let index = Rc::unwrap_or_clone(index).default_policy(policy);
                Self { decide: Decide::Routes(Rc::new(index)) }
            }
            Decide::Policy(_) | Decide::Handler(_) => Self::new(policy),
        }
    }

    /// Whether rejected preflights are explained: the body has the reason, and a browser's console names
    /// the method or the header. For development: it shows everyone what a policy allows.
    #[must_use]
    pub fn explain(self, explain: bool) -> Self {
        let decide = match self.decide {
            Decide::Policy(policy) => Decide::Policy(policy.explain(explain)),
            Decide::Routes(index) => {
                Decide::Routes(Rc::new(Rc::unwrap_or_clone(index).explain(explain)))
            }
            Decide::Handler(place) => Decide::Handler(place),
        };
        Self { decide }
    }

    /// A middleware outside of everything else.
    pub(crate) fn of_routes(index: RouteIndex) -> Self {
        Self { decide: Decide::Routes(Rc::new(index)) }
    }

    /// The middleware of one handler.
    pub(crate) fn of_handler(place: Rc<Place>) -> Self {
        Self { decide: Decide::Handler(place) }
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
        ready(Ok(CorsService::new(inner, self.clone())))
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
}

impl<S> CorsService<S> {
    pub(crate) const fn new(inner: S, cors: Cors) -> Self {
        Self { inner, cors }
    }
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
        let after = match self.cors.before(&request) {
            Before::Respond(response) => {
                let response = ready(request.into_response(response));
                return CorsFuture { state: State::Respond { response } };
            }
            Before::Forward(after) => after,
        };
        CorsFuture { state: State::Forward { future: self.inner.call(request), after } }
    }
}

/// What is done with a request.
enum Before {
    Respond(actix_web::HttpResponse),
    Forward(After),
}

/// What is done with its response.
#[derive(Debug)]
enum After {
    Nothing,
    Write(Pending<HeaderValue>),
    /// The handler that actix runs decides.
    Routes(Rc<AfterRouting>),
}

/// What a response gets where no handler of the list has run.
#[derive(Debug)]
struct AfterRouting {
    index: Rc<RouteIndex>,
    /// Of what the routes of the path agree on, or the default policy.
    pending: RefCell<Option<Pending<HeaderValue>>>,
    /// How much of the path was still to be matched.
    unmatched: usize,
    method: Method,
    is_nested: bool,
    /// What the handler has decided that actix ran.
    ran: RefCell<Option<Ran>>,
    /// The middleware with the routes that is around this one, which handlers tell.
    outer: Option<Rc<AfterRouting>>,
}

impl Cors {
    #[inline]
    fn before(&self, request: &ServiceRequest) -> Before {
        let head = Head::new(request.head(), &request.extensions());
        let step = match &self.decide {
            Decide::Policy(policy) => policy.on_request(&head),
            Decide::Handler(place) => place.on_request(&head, request),
            Decide::Routes(index) => return before_routing(index, &head, request),
        };
        match step {
            Step::Respond(reply) => Before::Respond(respond(reply)),
            Step::PassThrough => Before::Forward(After::Nothing),
            Step::Forward(pending) => {
                match &self.decide {
                    Decide::Handler(_) if pending.is_nested() => {
                        return after_nested(pending, &head, request);
                    }
                    Decide::Handler(_) => {}
                    Decide::Policy(_) | Decide::Routes(_) => {
                        request.extensions_mut().insert(pending.outer());
                    }
                }
                Before::Forward(After::Write(pending))
            }
        }
    }
}

/// What follows a handler that actix runs inside of another policy, or of a middleware that has the routes.
/// That middleware is given the decision; it writes it after everything that is in between.
fn after_nested(
    pending: Pending<HeaderValue>,
    head: &Head<'_>,
    request: &ServiceRequest,
) -> Before {
    let extensions = request.extensions();
    let Some(routing) = extensions.get::<Rc<AfterRouting>>() else {
        return Before::Forward(After::Write(pending));
    };
    let policy = pending.policy().cloned();
    let is_written_there = head.outer().is_some_and(|it| it.is_undecided());
    let (pending, after) = if is_written_there {
        (policy.is_some().then_some(pending), After::Nothing)
    } else {
        (None, After::Write(pending))
    };
    *routing.ran.borrow_mut() = Some(Ran { policy, pending });
    Before::Forward(after)
}

impl Place {
    #[inline]
    fn on_request(&self, head: &Head<'_>, request: &ServiceRequest) -> Step<HeaderValue> {
        if head.is_options()
            && let Some(reply) = self.on_preflight(head, request)
        {
            return Step::Respond(reply);
        }
        self.endpoint.on_request(self.id, head, self.explain)
    }

    #[cold]
    fn on_preflight(
        &self,
        head: &Head<'_>,
        request: &ServiceRequest,
    ) -> Option<Reply<HeaderValue>> {
        match &self.list {
            _ if !self.is_reached(request) => self.routes.on_unknown(head, self.explain),
            Some(list) => list.on_preflight(head, &self.path),
            None => self.routes.on_preflight(head, self.explain),
        }
    }
}

/// A request to what is inside of a middleware that has the routes.
fn before_routing(index: &Rc<RouteIndex>, head: &Head<'_>, request: &ServiceRequest) -> Before {
    let path = routed_path(request);
    let name = request.resource_map().match_name(path);
    let pattern = request.resource_map().match_pattern(path);
    let pattern = pattern.as_deref().and_then(|it| own_part(it, index, request));
    let matched = pattern.zip(name);
    let pending = match index.before_routing(head, matched) {
        Routing::Respond(reply) => return Before::Respond(respond(reply)),
        Routing::Decided(pending) => {
            request.extensions_mut().insert(pending.outer());
            Some(pending)
        }
        Routing::Open(pending) => {
            if head.outer().is_none() {
                request.extensions_mut().insert(Outer::undecided());
            }
            pending
        }
    };
    let is_nested = head.outer().is_some_and(|it| !it.is_undecided());
    let outer = request.extensions().get::<Rc<AfterRouting>>().cloned();
    let is_outermost = outer.is_none();
    let after = Rc::new(AfterRouting {
        index: Rc::clone(index),
        pending: RefCell::new(pending),
        unmatched: request.match_info().unprocessed().len(),
        method: request.method().clone(),
        is_nested,
        ran: RefCell::default(),
        outer,
    });
    if is_outermost {
        request.extensions_mut().insert(Rc::clone(&after));
    }
    Before::Forward(After::Routes(after))
}

/// The part of a path's pattern that the scope has not taken yet: without as many segments as there
/// are in the part of the path that it has.
///
/// An expression in the prefix may match several segments; then it is the one part that is a path of
/// the list, where there is only one.
fn own_part<'a>(pattern: &'a str, index: &RouteIndex, request: &ServiceRequest) -> Option<&'a str> {
    let info = request.match_info();
    let count = |path: &str| path.bytes().filter(|byte| *byte == b'/').count();
    // The first segment is what is in front of the first slash.
    let skip = |skipped: usize| {
        let length = segments(pattern).take(skipped + 1).map(|it| it.len() + 1).sum::<usize>();
        pattern.split_at_checked(length.saturating_sub(1))
    };
    let taken = info.as_str().strip_suffix(info.unprocessed())?;
    if taken.is_empty() {
        return Some(pattern);
    }
    let (prefix, own) = skip(count(taken))?;
    if !prefix.contains(':') {
        return Some(own);
    }
    let matches = |pattern: &str, path: &str| {
        let segments = segments(pattern).count().saturating_sub(1);
        segments == count(path) || (segments < count(path) && pattern.contains(':'))
    };
    let parts = (0..=count(taken)).filter_map(skip);
    let mut parts = parts.filter(|(prefix, own)| {
        matches(prefix, taken) && matches(own, info.unprocessed()) && index.path(own).is_some()
    });
    let (_, own) = parts.next()?;
    parts.next().is_none().then_some(own)
}

impl AfterRouting {
    /// What the handler has decided that ran: its policy, and what is still to be written.
    fn ran(&self) -> Option<(Option<Snapshot>, Option<Pending<HeaderValue>>)> {
        let mut ran = self.outer.as_ref().map_or(&self.ran, |it| &it.ran).borrow_mut();
        ran.as_mut().map(|ran| (ran.policy.clone(), ran.pending.take()))
    }

    /// Writes on a response the headers of the handler that ran, or of the routes of the path.
    #[cold]
    fn write<B>(&self, response: &mut ServiceResponse<B>) {
        let request = response.request().clone();
        let mut response = Response(response.response_mut());
        let pending = match self.ran() {
            // Whatever is between the handler and here may have written on its response.
            Some((Some(policy), pending)) => {
                if response.is_marked() {
                    response.set_mark(false);
                }
                pending.map(|it| it.nested(self.is_nested)).or_else(|| {
                    let extensions = request.extensions();
                    let head = Head::new(request.head(), &extensions);
                    self.index.after_handler(&head, policy)
                })
            }
            _ if response.is_marked() => {
                if !self.is_nested {
                    response.set_mark(false);
                }
                None
            }
            // The handler handles CORS itself.
            Some((None, _)) => None,
            None => {
                // Another resource has taken the rest of the path, and it is none of the list.
                let is_taken = request.match_info().unprocessed().len() != self.unmatched;
                // Or the default service, for a method that a middleware has written.
                let is_rewritten = request.method() != self.method;
                // Of a path without a rest nothing is left to see that by.
                let is_unknown = self.unmatched == 0;
                self.pending.take().filter(|it| {
                    let is_other = is_taken || is_rewritten || (is_unknown && it.is_unserved());
                    !(it.is_of_routes() && is_other)
                })
            }
        };
        if let Some(mut pending) = pending {
            pending.on_response(&mut response);
        }
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
        Forward { #[pin] future: F, after: After },
        /// The policy answers.
        Respond { #[pin] response: Ready<ServiceResponse> },
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
        match self.project().state.project() {
            StateProjection::Forward { future, after } => {
                let mut poll = future.poll(context);
                // In place: the response is moved once, into what this answers itself.
                if let Poll::Ready(Ok(response)) = &mut poll {
                    after.write(response);
                }
                poll.map(|result| match result {
                    Ok(response) => Ok(response.map_into_left_body()),
                    Err(error) => Err(write_on_error(error, after)),
                })
            }
            StateProjection::Respond { response } => {
                response.poll(context).map(|response| Ok(response.map_into_right_body()))
            }
        }
    }
}

impl After {
    #[inline]
    fn write<B>(&mut self, response: &mut ServiceResponse<B>) {
        match self {
            Self::Nothing => {}
            Self::Write(pending) => pending.on_response(&mut Response(response.response_mut())),
            Self::Routes(after) => after.write(response),
        }
    }
}

/// Writes on what an error will render, and returns the error, for the middlewares outside.
#[cold]
fn write_on_error(mut error: Error, after: &mut After) -> Error {
    let (pending, is_marked_below) = match std::mem::replace(after, After::Nothing) {
        After::Nothing => return error,
        After::Write(pending) => (Some(pending), false),
        // Which resource has failed is not known, so nothing is said of those beside the list.
        After::Routes(after) => {
            let ran = after.ran().and_then(|(_, pending)| pending);
            let ran = ran.map(|it| it.nested(after.is_nested));
            let of_route = || after.pending.take().filter(|it| !it.is_unserved());
            (ran.or_else(of_route), !after.is_nested)
        }
    };
    let pending = RefCell::new(pending);
    error.add_response_mapper(move |mut response| {
        let mut head = Response(&mut response);
        if is_marked_below && head.is_marked() {
            head.set_mark(false);
        } else if let Some(pending) = &mut *pending.borrow_mut() {
            pending.on_response(&mut head);
        }
        response
    });
    error
}
