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
use crate::root;

/// The resource of the route that has this index among those of a handler, below the prefix of
/// the list that it came in; and what registers it. Not generic, so that it is compiled once.
#[must_use]
pub fn mount(prefix: &str, endpoints: &'static [Endpoint], index: usize) -> (Resource, Mount) {
    Mount::new(prefix, &endpoints[index])
}

/// Where a route of a handler lies, and what it lets in.
#[derive(Debug)]
pub struct Mount {
    path: String,
    endpoint: &'static Endpoint,
    admits: Admits,
}

impl Mount {
    /// The resource of a route, and what registers it.
    #[must_use]
    pub fn new(prefix: &str, endpoint: &'static Endpoint) -> (Resource, Self) {
        let path = format!("{prefix}{}", endpoint.path);
        // The attribute has refused what is no method.
        let methods =
            endpoint.served.iter().filter_map(|name| Method::from_bytes(name.as_bytes()).ok());
        let admits = Admits { methods: methods.collect(), guards: Vec::new() };
        (Resource::new(path.as_str()), Self { path, endpoint, admits })
    }

    /// Lets in only what a guard lets in too.
    #[must_use]
    pub fn guarded(mut self, guard: impl Guard + 'static) -> Self {
        self.admits.guards.push(Box::new(guard));
        self
    }

    /// Registers the resource. The policy is wrapped around that last, and so outside of the
    /// handler's own middlewares: no preflight passes those.
    ///
    /// # Panics
    ///
    /// If another annotated handler of the app would answer in its place.
    pub fn register<T, B>(self, resource: Resource<T>, config: &mut AppService)
    where
        T: ServiceFactory<
                ServiceRequest,
                Config = (),
                Response = ServiceResponse<B>,
                Error = Error,
                InitError = (),
            > + 'static,
        B: MessageBody + 'static,
    {
        let Self { path, endpoint, admits } = self;
        root::add(path, endpoint, config);
        resource.guard(admits).wrap(Cors::of(endpoint)).register(config);
    }
}

/// Which requests a route is for: its own methods, and preflights for them. So a path that
/// several handlers serve sends each preflight to the policy of its method.
struct Admits {
    methods: Vec<Method>,
    /// The guards that the route declares.
    guards: Vec<Box<dyn Guard>>,
}

impl Admits {
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
