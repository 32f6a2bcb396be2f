//! One path: handlers with different policies, and one response to each preflight.

use std::collections::HashSet;
use std::convert::Infallible;
use std::future::{self, Future};
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter};
use cors_core::RouteTable;
use cors_core::adapter::{Methods, PathRoutes, Route};
use http::StatusCode;

use crate::layer::CorsLayer;
use crate::response::respond;
use crate::routes::{Guard, Make, Served};

/// What answers a method that no handler of a path serves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unserved {
    /// axum's default, which the app's own `method_not_allowed_fallback` replaces. The layer
    /// around the app writes on it.
    Axum,
    /// A 405 of ours, with what all policies of the path agree on.
    Ours,
}

/// Everything that a path answers. A fallback alone is around no policy.
pub(crate) fn method_router<S>(
    entries: &[(Route, Served<S>)],
    fallback: Option<Make<S, ()>>,
    unserved: Unserved,
    explain: bool,
) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    if entries.is_empty() {
        return fallback.map_or_else(MethodRouter::new, |make| make(()));
    }
    let table = with_head(entries.iter().map(|(route, _)| route.clone()).collect());
    let routes = Arc::new(PathRoutes::new(table.iter().cloned().collect()));
    let mut methods = MethodRouter::new();
    let mut options = None;
    for ((_, handler), route) in entries.iter().zip(&table) {
        if let Some(filter) = others(&route.served) {
            methods = methods.merge(handler.make(filter, route, explain));
        }
        if let Some(rest) = handler.make_rest(route, explain) {
            methods = methods.merge(rest);
        }
        if options.is_none() && route.served.contains(b"OPTIONS") {
            options = Some(handler.make(MethodFilter::OPTIONS, route, explain));
        }
    }
    let serves_all = table.iter().any(|route| route.served == Methods::All);
    let unserved = match (fallback, unserved) {
        (Some(make), _) => Some(make(())),
        (None, Unserved::Ours) if !serves_all => {
            Some(MethodRouter::new().fallback(|| async { StatusCode::METHOD_NOT_ALLOWED }))
        }
        (None, Unserved::Ours | Unserved::Axum) => None,
    };
    if let Some(unserved) = unserved {
        let layer = CorsLayer::of_unserved(Arc::clone(&routes));
        methods = methods.merge(unserved.layer::<_, Infallible>(layer));
    }
    let options = Options { path: Arc::new(Path { routes, options, explain }) };
    methods.on(MethodFilter::OPTIONS, options)
}

/// The routes as axum serves them: it answers `HEAD` with the handler of `GET`, unless another one of the
/// path declares it. It is said explicitly, so that a plain handler for `HEAD` beside ours cannot be
/// registered: axum panics.
pub(crate) fn with_head(table: RouteTable) -> RouteTable {
    let with_head = table.iter().filter(|it| it.methods.contains(b"HEAD"));
    let heads: HashSet<String> = with_head.map(|it| it.path.clone()).collect();
    table.map(|mut route| {
        if route.methods.contains(b"GET") && !heads.contains(&route.path) {
            route.served.push("HEAD");
        }
        route
    })
}

/// The methods but `OPTIONS`, as axum takes them. All of them are said explicitly, so that a plain
/// handler beside one for all methods cannot be registered: axum panics.
fn others(served: &Methods) -> Option<MethodFilter> {
    match served {
        Methods::All => Some(
            MethodFilter::CONNECT
                .or(MethodFilter::DELETE)
                .or(MethodFilter::GET)
                .or(MethodFilter::HEAD)
                .or(MethodFilter::PATCH)
                .or(MethodFilter::POST)
                .or(MethodFilter::PUT)
                .or(MethodFilter::TRACE),
        ),
        Methods::These(methods) => methods
            .iter()
            .filter(|method| *method != "OPTIONS")
            .filter_map(|method| filter(method))
            .reduce(MethodFilter::or),
    }
}

/// The methods that axum can route; the attribute rejects others, and a `MethodFilter` has none.
fn filter(method: &str) -> Option<MethodFilter> {
    MethodFilter::try_from(http::Method::from_bytes(method.as_bytes()).ok()?).ok()
}

impl<S> Served<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// The handler of a route for these methods, with its policy around it.
    fn make(&self, filter: MethodFilter, route: &Route, explain: bool) -> MethodRouter<S> {
        let router = (self.make)(filter);
        match self.layer(route, explain) {
            Some(layer) => router.route_layer(layer),
            None => router,
        }
    }

    /// The same for the methods that no filter names, if it serves them.
    fn make_rest(&self, route: &Route, explain: bool) -> Option<MethodRouter<S>> {
        let router = self.make_rest.as_ref()?(());
        // It is a fallback, which a route layer leaves out.
        Some(match self.layer(route, explain) {
            Some(layer) => router.layer(layer),
            None => router,
        })
    }

    /// The layer of the policy, if it is not in the handler.
    fn layer(&self, Route { endpoint, id, .. }: &Route, explain: bool) -> Option<CorsLayer> {
        let is_inside = self.guard == Guard::Inside && !explain;
        (!is_inside).then(|| CorsLayer::of_handler(endpoint.clone(), *id, explain))
    }
}

/// Answers `OPTIONS` on a path: preflights by the policy of the handler that they are for, anything
/// else by the user's own handler, or with the methods of the path.
///
/// Shared, because axum clones it for each request.
struct Options<S> {
    path: Arc<Path<S>>,
}

struct Path<S> {
    routes: Arc<PathRoutes>,
    /// The user's own handler for `OPTIONS` that are no preflights.
    options: Option<MethodRouter<S>>,
    explain: bool,
}

impl<S> Clone for Options<S> {
    fn clone(&self) -> Self {
        Self { path: Arc::clone(&self.path) }
    }
}

impl<S> Handler<(), S> for Options<S>
where
    S: Clone + Send + Sync + 'static,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, state: S) -> Self::Future {
        let Path { routes, options, explain } = &*self.path;
        let reply = match options {
            None => routes.on_options(&request, *explain),
            Some(options) => match routes.on_preflight(&request, *explain) {
                Some(reply) => reply,
                None => return Box::pin(options.clone().call(request, state)),
            },
        };
        Box::pin(future::ready(respond(reply)))
    }
}
