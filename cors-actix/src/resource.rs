//! How a handler is registered: as one resource, with its policy around it, which also takes the
//! preflights for its methods.

use std::cell::OnceCell;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{
    AppService, RequestHead, ResourceDef, ServiceFactory, ServiceRequest, ServiceResponse,
    Transform, fn_factory,
};
use actix_web::guard::{self, Guard, GuardContext};
use actix_web::http::Method;
use actix_web::http::header::{ACCESS_CONTROL_REQUEST_METHOD, HeaderValue, ORIGIN};
use actix_web::{Error, FromRequest, Handler, Responder};
use cors_core::adapter::{Endpoint, EndpointId, Methods, PathRoutes, RouteIndex};

use crate::handler::{Guarded, Run};
use crate::middleware::Cors;
use crate::wrap::{AnyService, Wraps};

/// Where a route of a handler lies, and what it takes.
#[derive(Debug)]
pub struct Mount {
    place: Rc<Place>,
    guards: Guards,
    /// The middlewares of the route, inside of those of the list.
    own: Wraps,
    list: Wraps,
}

/// A route of a list, and the rest of its path.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) endpoint: Endpoint,
    pub(crate) id: EndpointId,
    pub(crate) methods: Methods,
    pub(crate) name: String,
    pub(crate) path: String,
    /// See [`Place::prefix`]; known when a first preflight needs it.
    pub(crate) prefix: OnceCell<Box<str>>,
    /// All routes of the path.
    pub(crate) routes: Arc<PathRoutes>,
    /// All routes of the list, if a guard may send requests for the path on to another path.
    pub(crate) list: Option<Rc<RouteIndex>>,
    /// Paths and names of all resources of the list.
    pub(crate) resources: Rc<[(String, String)]>,
    pub(crate) explain: bool,
}

impl Mount {
    pub(crate) fn new(place: Place, list: Wraps) -> Self {
        let methods = match &place.methods {
            Methods::All => None,
            // The attribute rejects what is no method.
            Methods::These(methods) => Some(
                methods.iter().filter_map(|it| Method::from_bytes(it.as_bytes()).ok()).collect(),
            ),
        };
        let is_delegated = place.endpoint.policy().is_delegated();
        let guards = Guards { methods, is_delegated, others: Vec::new() };
        Self { place: Rc::new(place), guards, own: Wraps::default(), list }
    }

    /// Takes only what a guard takes too.
    #[must_use]
    pub fn guarded(mut self, guard: impl Guard + 'static) -> Self {
        self.guards.others.push(Box::new(guard));
        self
    }

    /// Puts a middleware around the handler, and around those that it has.
    #[must_use]
    pub fn wrap<M, B>(mut self, middleware: M) -> Self
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
        self.own.push(Rc::new(middleware));
        self
    }

    /// Registers a handler that is a function.
    pub fn handle<F, Args>(self, handler: F, config: &mut AppService)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.serve(Run::new(handler), config);
    }

    /// Registers what serves the route. The policy is outside of all middlewares: no preflight passes
    /// those.
    pub(crate) fn serve<F>(self, handler: F, config: &mut AppService)
    where
        F: ServiceFactory<
                ServiceRequest,
                Config = (),
                Response = ServiceResponse,
                Error = Error,
                InitError = (),
            > + 'static,
    {
        let Self { place, guards, own, list } = self;
        let mut resource = ResourceDef::new(place.path.as_str());
        resource.set_name(&place.name);
        let guards: Vec<Box<dyn Guard>> = vec![Box::new(guards)];
        let cors = Cors::of_handler(place);
        let wraps = own.inside(list);
        if wraps.is_empty() {
            let factory = fn_factory(move || {
                let (cors, made) = (cors.clone(), handler.new_service(()));
                async move { Ok(Guarded::new(made.await?, cors)) }
            });
            config.register_service(resource, Some(guards), factory, None);
        } else {
            let factory = fn_factory(move || {
                let (cors, made, wraps) = (cors.clone(), handler.new_service(()), wraps.clone());
                async move { Ok(Guarded::new(wraps.around(AnyService::new(made.await?)).await?, cors)) }
            });
            config.register_service(resource, Some(guards), factory, None);
        }
    }
}

impl Place {
    /// Whether the actual request of a preflight would reach this list: nothing that is registered
    /// before it matches the path. actix reports the first resource that does, by its path and name;
    /// a scope whose guard declines the preflight, and may take the actual request, counts too.
    pub(crate) fn is_reached(&self, request: &ServiceRequest) -> bool {
        let (resources, path) = (request.resource_map(), routed_path(request));
        let Some(first) = resources.match_pattern(path) else { return false };
        let Some(name) = resources.match_name(path) else { return false };
        let Some(prefix) = self.prefix(request) else { return false };
        let Some(own) = first.strip_prefix(prefix) else { return false };
        self.resources.iter().any(|(path, it)| it == name && path == own)
    }

    /// The pattern of the scopes around the list.
    fn prefix(&self, request: &ServiceRequest) -> Option<&str> {
        if let Some(known) = self.prefix.get() {
            return Some(known);
        }
        // Of the resource that actix has routed the request to, which is this one.
        let routed = request.match_pattern()?;
        let prefix = routed.strip_suffix(self.path.as_str())?;
        Some(self.prefix.get_or_init(|| prefix.into()))
    }
}

/// The path as actix routes it: decoded. `ServiceRequest::path` is what was sent.
pub(crate) fn routed_path(request: &ServiceRequest) -> &str {
    request.match_info().as_str()
}

/// Which requests a route is for: its own methods, and preflights for them. So a path that
/// several handlers serve sends each preflight to the policy of its method.
struct Guards {
    /// `None` for all.
    methods: Option<Vec<Method>>,
    /// Whether the handler handles CORS itself: then its methods decide what it takes.
    is_delegated: bool,
    /// The guards that the route declares. They are about the actual request, so preflights are
    /// not asked.
    others: Vec<Box<dyn Guard>>,
}

impl Guard for Guards {
    fn check(&self, context: &GuardContext<'_>) -> bool {
        let head = context.head();
        let is_for_route = match requested_method(head).filter(|_| !self.is_delegated) {
            // A method in the wrong case is rejected by the handler that it is meant for, which
            // can say why.
            Some(asked) => {
                let is = |it: &Method| it.as_str().as_bytes().eq_ignore_ascii_case(asked);
                return self.methods.as_ref().is_none_or(|it| it.iter().any(is))
                    || self.decline(context);
            }
            None => self.methods.as_ref().is_none_or(|it| it.contains(&head.method)),
        };
        (is_for_route && self.others.iter().all(|guard| guard.check(context)))
            || self.decline(context)
    }
}

impl Guards {
    /// Asks actix's own guards too, which note down the methods that they look for: a resource
    /// that answers 405 later names them in `Allow`.
    #[cold]
    fn decline(&self, context: &GuardContext<'_>) -> bool {
        for method in self.methods.iter().flatten() {
            guard::Method(method.clone()).check(context);
        }
        false
    }
}

/// The requested method of a preflight.
#[inline]
fn requested_method(head: &RequestHead) -> Option<&[u8]> {
    if head.method != Method::OPTIONS {
        return None;
    }
    head.headers().get(ORIGIN)?;
    head.headers().get(ACCESS_CONTROL_REQUEST_METHOD).map(HeaderValue::as_bytes)
}

impl fmt::Debug for Guards {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guards").field("methods", &self.methods).finish_non_exhaustive()
    }
}
