//! poem, by the adapter of the examples: a third one, on what the core offers to adapters.

use cors_core::PolicyRef;
use examples::poem_adapter::Cors;
use http::{HeaderName, HeaderValue, StatusCode};
use poem::endpoint::{BoxEndpoint, make};
use poem::web::Json;
use poem::{Endpoint, EndpointExt, Error, FromRequest, Request, Response, Result, RouteMethod};
use serde::de::IgnoredAny;

use super::{Beside, Engine, Order, around, by_path, only_policy};
use crate::canned;
use crate::model::{self, Between, Case, EngineName, Handler, Outside};
use crate::seen::Seen;

type App = BoxEndpoint<'static, Response>;

/// A plain app inside the middleware.
#[derive(Debug)]
pub struct PoemMiddleware;

impl Engine for PoemMiddleware {
    const NAME: EngineName = EngineName::PoemMiddleware;

    fn answers(case: &Case, order: Order, beside: Beside) -> Vec<Seen> {
        let app = app(case, order, beside);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        case.requests.iter().map(|request| runtime.block_on(ask(&app, request))).collect()
    }
}

fn app(case: &Case, order: Order, beside: Beside) -> App {
    let mut router = poem::Route::new();
    for (path, routes) in order.apply(by_path(&case.routes)) {
        let handlers = routes.iter().flat_map(|route| {
            route.method.as_slice().iter().map(|method| (method.parse().unwrap(), route.handler))
        });
        let methods = handlers.fold(RouteMethod::new(), |methods, (method, handler)| {
            methods.method(method, make(move |request| answer(handler, request)))
        });
        router = router.at(path.replace('{', ":").replace('}', ""), methods);
    }
    let mut app: App = router.boxed();
    if let Some(between) = case.between {
        app = app.around(move |inner, request| authenticate(between, inner, request)).boxed();
    }
    let cors = |policy: PolicyRef| Cors::new(policy).explain(case.explain);
    app = app.with(cors(only_policy(case, beside))).boxed();
    if let Some(outside) = case.outside {
        let passed = move |response| with_other_vary(outside, response);
        app = app.after(move |it: Result<_>| async move { it.map(passed) }).boxed();
    }
    around(case, beside).into_iter().rev().fold(app, |app, policy| app.with(cors(policy)).boxed())
}

async fn answer(handler: Handler, request: Request) -> Result<Response> {
    if handler == Handler::JsonExtractor {
        let (request, mut body) = request.split();
        Json::<IgnoredAny>::from_request(&request, &mut body).await?;
    }
    let canned = canned::run(handler);
    let mut response = Response::builder().status(StatusCode::from_u16(canned.status).unwrap());
    for (name, value) in canned.headers {
        response = response.header(*name, *value);
    }
    let response = response.body(canned.body);
    if canned.is_err { Err(Error::from_response(response)) } else { Ok(response) }
}

async fn authenticate(
    between: Between,
    inner: impl Endpoint<Output = Response>,
    request: Request,
) -> Result<Response> {
    if request.headers().contains_key("authorization") {
        return inner.call(request).await;
    }
    match between {
        Between::Auth => Ok(StatusCode::UNAUTHORIZED.into()),
        Between::AuthErr => Err(Error::from_status(StatusCode::UNAUTHORIZED)),
    }
}

fn with_other_vary(outside: Outside, mut response: Response) -> Response {
    let lines = response.headers().get_all("vary").iter();
    let lines: Vec<&str> = lines.map(|line| line.to_str().unwrap()).collect();
    let vary = canned::vary(outside, &lines).parse().unwrap();
    response.headers_mut().insert("vary", vary);
    response
}

async fn ask(app: &App, request: &model::Request) -> Seen {
    let runs = canned::runs();
    let mut asked = Request::builder()
        .method(request.method().parse().unwrap())
        .uri(request.path.parse().unwrap())
        .body(request.body.clone());
    for (name, bytes) in request.lines() {
        let name: HeaderName = name.parse().unwrap();
        asked.headers_mut().append(name, HeaderValue::from_bytes(&bytes).unwrap());
    }
    let (head, body) = app.get_response(asked).await.into_parts();
    let headers = head.headers.iter();
    Seen {
        status: head.status.as_u16(),
        headers: headers.map(|(name, it)| (name.to_string(), it.as_bytes().to_vec())).collect(),
        body: Some(body.into_vec().await.unwrap()),
        handler_ran: canned::runs() > runs,
    }
}
