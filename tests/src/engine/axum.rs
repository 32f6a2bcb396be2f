//! axum, by annotations and by layers.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Json;
use axum::handler::Handler as AxumHandler;
use axum::http::{self, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use cors_axum::{CorsLayer, PolicyRef, Routes};
use serde::de::IgnoredAny;
use tower::ServiceExt;

use super::{
    Beside, Engine, Order, app_number, around, by_path, only_policy, policy, route_policy,
};
use crate::canned;
use crate::model::{Case, EngineName, Handler, Outside, Request, Route};
use crate::seen::Seen;

/// What the generated handlers are made of.
pub(crate) mod prelude {
    pub(crate) use super::{Answer, answer};
    pub(crate) use crate::model::Handler;
    pub(crate) use axum::extract::Json;
    pub(crate) use cors_axum::{cors, policy};
    pub(crate) use serde::de::IgnoredAny;
}

#[allow(unused_imports, clippy::wildcard_imports, reason = "written by the build script")]
mod generated {
    use super::{Part, plain};
    use cors_axum::routes;

    include!(concat!(env!("OUT_DIR"), "/axum.rs"));
}

/// What an annotated route becomes, and what one without annotation.
enum Part {
    Annotated(Routes),
    Plain(Router),
}

/// A handler may fail, which makes no difference in axum.
pub(crate) type Answer = Result<Response, Response>;

#[expect(clippy::result_large_err, reason = "handlers fail with whole responses")]
pub(crate) fn answer(handler: Handler) -> Answer {
    let canned = canned::run(handler);
    let mut response = Response::new(Body::from(canned.body));
    *response.status_mut() = StatusCode::from_u16(canned.status).unwrap();
    for (name, value) in canned.headers {
        let value = HeaderValue::from_static(value);
        response.headers_mut().append(HeaderName::from_static(name), value);
    }
    if canned.is_err { Err(response) } else { Ok(response) }
}

async fn authenticate(request: http::Request<Body>, next: Next) -> Response {
    if request.headers().contains_key("authorization") {
        next.run(request).await
    } else {
        StatusCode::UNAUTHORIZED.into_response()
    }
}

/// `#[cors]` above the handlers, and their list merged into a router.
#[derive(Debug)]
pub struct AxumAnnotated;

impl Engine for AxumAnnotated {
    const NAME: EngineName = EngineName::AxumAnnotated;

    fn answers(case: &Case, order: Order, beside: Beside) -> Vec<Seen> {
        let (mut annotated, plain) = parts(case, order);
        if case.between.is_some() {
            annotated = annotated.layer(from_fn(authenticate));
        }
        let router = match order {
            Order::Table => plain.merge(annotated),
            Order::Reversed => annotated.into_router().merge(plain),
        };
        ask_all(&surrounded(router, case, beside), case)
    }
}

/// The same, as an app: everything else is put on inside of CORS.
#[derive(Debug)]
pub struct AxumApp;

impl Engine for AxumApp {
    const NAME: EngineName = EngineName::AxumApp;

    fn answers(case: &Case, order: Order, beside: Beside) -> Vec<Seen> {
        let (annotated, plain) = parts(case, order);
        ask_all(&app(annotated, plain, case, order, beside), case)
    }
}

/// The same app, with handlers that are registered explicitly.
#[derive(Debug)]
pub struct AxumRegistered;

impl Engine for AxumRegistered {
    const NAME: EngineName = EngineName::AxumApp;

    fn answers(case: &Case, order: Order, beside: Beside) -> Vec<Seen> {
        let (mut routes, mut plain) = (Routes::new().explain(case.explain), Router::new());
        for route in order.apply(case.routes.iter().collect()) {
            match route_policy(route, beside) {
                Some(policy) => routes = register(routes, route, policy),
                None => plain = plain.route(&route.path, method_router(route)),
            }
        }
        ask_all(&app(routes, plain, case, order, beside), case)
    }
}

fn register(routes: Routes, route: &Route, policy: PolicyRef) -> Routes {
    let (handler, path) = (route.handler, &route.path);
    let methods: Vec<&str> = route.method.as_slice().iter().map(String::as_str).collect();
    match handler {
        Handler::JsonExtractor => {
            let answer = move |_: Json<IgnoredAny>| async move { answer(handler) };
            routes.on(filter(&methods), path, answer, policy)
        }
        _ => routes.on(filter(&methods), path, move || async move { answer(handler) }, policy),
    }
}

/// An app of a list.
fn app(list: Routes, plain: Router, case: &Case, order: Order, beside: Beside) -> Router {
    let build = |router: Router| {
        let merged = match order {
            Order::Table => router.merge(plain),
            Order::Reversed => plain.merge(router),
        };
        if case.between.is_some() { merged.layer(from_fn(authenticate)) } else { merged }
    };
    let list = match &case.default {
        Some(default) => list.default_policy(policy(default, beside)),
        None => list,
    };
    surrounded(list.into_app(build), case, beside)
}

/// What the build script wrote down, and what is not annotated.
fn parts(case: &Case, order: Order) -> (Routes, Router) {
    let parts = generated::APPS[app_number(case, EngineName::AxumAnnotated)];
    let (mut annotated, mut plain) = (Routes::new().explain(case.explain), Router::new());
    for part in order.apply(parts.to_vec()) {
        match part() {
            Part::Annotated(list) => annotated = annotated.merge(list),
            Part::Plain(route) => plain = plain.merge(route),
        }
    }
    (annotated, plain)
}

/// A plain router inside a `CorsLayer`.
#[derive(Debug)]
pub struct AxumLayer;

impl Engine for AxumLayer {
    const NAME: EngineName = EngineName::AxumLayer;

    fn answers(case: &Case, order: Order, beside: Beside) -> Vec<Seen> {
        let mut router = Router::new();
        for (path, routes) in order.apply(by_path(&case.routes)) {
            for route in routes {
                router = router.route(path, method_router(route));
            }
        }
        if case.between.is_some() {
            router = router.layer(from_fn(authenticate));
        }
        let router = router.layer(CorsLayer::new(only_policy(case, beside)).explain(case.explain));
        ask_all(&surrounded(router, case, beside), case)
    }
}

/// The layers around the app.
fn surrounded(mut router: Router, case: &Case, beside: Beside) -> Router {
    if let Some(outside) = case.outside {
        router = router
            .layer(map_response(move |response| async move { with_other_vary(outside, response) }));
    }
    around(case, beside)
        .into_iter()
        .rev()
        .fold(router, |router, policy| router.layer(CorsLayer::new(policy).explain(case.explain)))
}

fn with_other_vary(outside: Outside, mut response: Response) -> Response {
    let lines = response.headers().get_all("vary").iter();
    let lines: Vec<&str> = lines.map(|line| line.to_str().unwrap()).collect();
    let vary = canned::vary(outside, &lines).parse().unwrap();
    response.headers_mut().insert("vary", vary);
    response
}

fn method_router(route: &Route) -> MethodRouter {
    let handler = route.handler;
    let methods: Vec<&str> = route.method.as_slice().iter().map(String::as_str).collect();
    match handler {
        Handler::JsonExtractor => {
            on(filter(&methods), move |_: Json<IgnoredAny>| async move { answer(handler) })
        }
        _ => on(filter(&methods), move || async move { answer(handler) }),
    }
}

/// A route that is not annotated.
fn plain<T: 'static>(path: &str, methods: &[&str], handler: impl AxumHandler<T, ()>) -> Router {
    Router::new().route(path, on(filter(methods), handler))
}

fn filter(methods: &[&str]) -> MethodFilter {
    let filters = methods.iter().map(|method| {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        MethodFilter::try_from(method).unwrap()
    });
    filters.reduce(MethodFilter::or).unwrap()
}

fn ask_all(router: &Router, case: &Case) -> Vec<Seen> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    case.requests.iter().map(|request| runtime.block_on(ask(router.clone(), request))).collect()
}

async fn ask(router: Router, request: &Request) -> Seen {
    let runs = canned::runs();
    let mut asked = http::Request::new(Body::from(request.body.clone()));
    *asked.method_mut() = Method::from_bytes(request.method().as_bytes()).unwrap();
    *asked.uri_mut() = request.path.parse().unwrap();
    for (name, bytes) in request.lines() {
        let name: HeaderName = name.parse().unwrap();
        asked.headers_mut().append(name, HeaderValue::from_bytes(&bytes).unwrap());
    }
    let (head, body) = router.oneshot(asked).await.unwrap().into_parts();
    let headers = head.headers.iter();
    Seen {
        status: head.status.as_u16(),
        headers: headers.map(|(name, it)| (name.to_string(), it.as_bytes().to_vec())).collect(),
        body: Some(to_bytes(body, usize::MAX).await.unwrap().to_vec()),
        handler_ran: canned::runs() > runs,
    }
}
