//! How a handler is registered: as one resource, which its policy stands around, and which
//! also lets in the preflights for its methods.

use std::fmt;

use actix_web::body::MessageBody;
use actix_web::dev::{
    AppService, HttpServiceFactory, ServiceFactory, ServiceRequest, ServiceResponse,
};
use actix_web::guard::{self, Guard, GuardContext};
use actix_web::http::Method;
use actix_web::http::header::HeaderValue;
use actix_web::{Error, Resource};
use cors_core::Preflight;

use crate::endpoint::Endpoint;
use crate::head::Head;
use crate::middleware::Cors;

/// Registers the resource of a route. The policy is wrapped around it last, and so outside
/// of the handler's own middlewares: no preflight passes those.
pub fn register<T, B>(
    resource: Resource<T>,
    admits: Admits,
    endpoint: &'static Endpoint,
    config: &mut AppService,
) where
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static,
    B: MessageBody + 'static,
{
    resource.guard(admits).wrap(Cors::of(endpoint)).register(config);
}

/// Which requests a route is for: its own methods, and preflights for them. So a path that
/// several handlers serve sends each preflight to the policy of its method.
pub struct Admits {
    methods: Vec<Method>,
    /// The guards that the route declares.
    guards: Vec<Box<dyn Guard>>,
}

impl Admits {
    /// Lets in requests for some methods.
    #[must_use]
    pub fn new(methods: &[&str]) -> Self {
        // The attribute has refused what is no method.
        let methods = methods.iter().filter_map(|name| Method::from_bytes(name.as_bytes()).ok());
        Self { methods: methods.collect(), guards: Vec::new() }
    }

    /// Lets in only what a guard lets in too.
    #[must_use]
    pub fn and(mut self, guard: impl Guard + 'static) -> Self {
        self.guards.push(Box::new(guard));
        self
    }

    /// A method in the wrong case is refused by the handler that it was meant for, which can
    /// say why.
    fn are_asked_for(&self, preflight: &Preflight<'_, HeaderValue>) -> bool {
        let asked = preflight.method().as_bytes();
        self.methods.iter().any(|it| it.as_str().as_bytes().eq_ignore_ascii_case(asked))
    }
}

impl Guard for Admits {
    fn check(&self, context: &GuardContext<'_>) -> bool {
        let head = Head::of(context.head());
        let is_for_route = match Preflight::of(&head) {
            Some(preflight) => self.are_asked_for(&preflight),
            None => self.methods.contains(&context.head().method),
        };
        let admits = is_for_route && self.guards.iter().all(|guard| guard.check(context));
        if !admits {
            refuse(&self.methods, context);
        }
        admits
    }
}

impl fmt::Debug for Admits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Admits").field("methods", &self.methods).finish_non_exhaustive()
    }
}

/// Asks actix's own guards too, which note down the methods that they look for: a resource
/// that answers 405 later names them in `Allow`.
#[cold]
fn refuse(methods: &[Method], context: &GuardContext<'_>) {
    for method in methods {
        guard::Method(method.clone()).check(context);
    }
}
