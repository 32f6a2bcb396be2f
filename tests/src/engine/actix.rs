//! actix-web, by annotations and by middlewares.

use actix_web::body::{BoxBody, EitherBody, MessageBody, to_bytes};
use actix_web::dev::{Service, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::error::{ErrorUnauthorized, InternalError};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::{Condition, Next, from_fn};
use actix_web::test::{TestRequest, init_service};
use actix_web::web::{self, Json, ServiceConfig};
use actix_web::{App, Error, HttpResponse, Resource};
use cors_actix::{Cors, PolicyRef, Routes};
use serde::de::IgnoredAny;

use super::{
    Beside, Engine, Order, app_number, around, by_path, only_policy, policy, route_policy,
};
use crate::canned;
use crate::model::{Between, Case, EngineName, Handler, Outside, Request, Route};
use crate::seen::Seen;

/// What the generated handlers are made of.
pub(crate) mod prelude {
    pub(crate) use super::{Answer, answer, authenticate, authenticate_or_fail};
    pub(crate) use crate::model::Handler;
    pub(crate) use actix_web::middleware::from_fn;
    pub(crate) use actix_web::web::Json;
    pub(crate) use actix_web::{delete, get, head, options, patch, post, put, route, routes};
    pub(crate) use cors_actix::{cors, policy};
    pub(crate) use serde::de::IgnoredAny;
}

#[allow(unused_imports, clippy::wildcard_imports, reason = "written by the build script")]
mod generated {
    use super::Part;
    use cors_actix::routes;

    include!(concat!(env!("OUT_DIR"), "/actix.rs"));
}

/// What an annotated route becomes, and what one without annotation.
enum Part {
    Annotated(Routes),
    Plain(Box<dyn Fn(&mut ServiceConfig)>),
}

/// A handler may fail; what its error renders is the same answer.
pub(crate) type Answer = Result<HttpResponse, Error>;

pub(crate) fn answer(handler: Handler) -> Answer {
    let canned = canned::run(handler);
    let mut response = HttpResponse::build(StatusCode::from_u16(canned.status).unwrap());
    for header in canned.headers {
        response.append_header(*header);
    }
    let response = response.body(canned.body);
    if canned.is_err {
        Err(InternalError::from_response("failed", response).into())
    } else {
        Ok(response)
    }
}

/// Answers by itself.
pub(crate) async fn authenticate<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    if request.headers().contains_key("authorization") {
        Ok(next.call(request).await?.map_into_left_body())
    } else {
        Ok(request.into_response(HttpResponse::Unauthorized().finish()).map_into_right_body())
    }
}

/// Fails, as most authentication middlewares for actix do.
pub(crate) async fn authenticate_or_fail<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    if request.headers().contains_key("authorization") {
        next.call(request).await
    } else {
        Err(ErrorUnauthorized("who are you?"))
    }
}

/// Gives the body a type that does not tell how many middlewares there are.
async fn boxed<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    Ok(next.call(request).await?.map_into_boxed_body())
}

async fn replace_vary<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    Ok(with_other_vary(Outside::ReplacesVary, next.call(request).await?))
}

async fn join_vary<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    Ok(with_other_vary(Outside::JoinsVary, next.call(request).await?))
}

fn with_other_vary<B>(outside: Outside, mut response: ServiceResponse<B>) -> ServiceResponse<B> {
    let lines = response.headers().get_all("vary");
    let lines: Vec<&str> = lines.map(|line| line.to_str().unwrap()).collect();
    let vary = canned::vary(outside, &lines).parse().unwrap();
    response.headers_mut().insert(HeaderName::from_static("vary"), vary);
    response
}

/// `#[cors]` above the handlers, and their list registered.
#[derive(Debug)]
pub struct ActixAnnotated;

impl Engine for ActixAnnotated {
    const NAME: EngineName = EngineName::ActixAnnotated;

    fn answers(case: &Case, order: Order, beside: Beside) -> Vec<Seen> {
        let (annotated, plain) = parts(case, order);
        // What stands between is an option of the generated route attributes.
        ask_all(
            case,
            beside,
            App::new().service(annotated).configure(|config| register(&plain, config)),
        )
    }
}

/// The same, as an app: everything else is put on inside of CORS.
#[derive(Debug)]
pub struct ActixApp;

impl Engine for ActixApp {
    const NAME: EngineName = EngineName::ActixApp;

    fn answers(case: &Case, order: Order, beside: Beside) -> Vec<Seen> {
        let (annotated, plain) = parts(case, order);
        ask_app(annotated, plain, case, beside)
    }
}

/// The same app, with handlers that are registered explicitly.
#[derive(Debug)]
pub struct ActixRegistered;

impl Engine for ActixRegistered {
    const NAME: EngineName = EngineName::ActixApp;

    fn answers(case: &Case, order: Order, beside: Beside) -> Vec<Seen> {
        let (mut routes, mut plain) = (Routes::new().explain(case.explain), Vec::new());
        for (path, here) in order.apply(by_path(&case.routes)) {
            let mut unnamed = Vec::new();
            for route in here {
                match route_policy(route, beside) {
                    Some(policy) => routes = register_route(routes, route, policy),
                    None => unnamed.push(route.clone()),
                }
            }
            let path = path.to_owned();
            if !unnamed.is_empty() {
                plain.push(Part::Plain(Box::new(move |config| {
                    config.service(unnamed.iter().fold(web::resource(&path), add));
                })));
            }
        }
        ask_app(routes, plain, case, beside)
    }
}

fn register_route(routes: Routes, route: &Route, policy: PolicyRef) -> Routes {
    let (handler, path) = (route.handler, &route.path);
    let methods = route.method.as_slice().iter();
    let methods: Vec<Method> = methods.map(|it| it.parse().unwrap()).collect();
    match handler {
        Handler::JsonExtractor => {
            let answer = move |_: Json<IgnoredAny>| async move { answer(handler) };
            routes.on(&methods, path, answer, policy)
        }
        _ => routes.on(&methods, path, move || async move { answer(handler) }, policy),
    }
}

/// An app of a list.
fn ask_app(routes: Routes, plain: Vec<Part>, case: &Case, beside: Beside) -> Vec<Seen> {
    let routes = match &case.default {
        Some(default) => routes.default_policy(policy(default, beside)),
        None => routes,
    };
    let stands_between = case.between;
    let app = routes.into_app(App::new(), move |app| {
        between(stands_between, app.configure(|config| register(&plain, config)))
    });
    ask_all(case, beside, app)
}

/// What the build script wrote down, and what is not annotated.
fn parts(case: &Case, order: Order) -> (Routes, Vec<Part>) {
    let parts = generated::APPS[app_number(case, EngineName::ActixAnnotated)];
    let (mut annotated, mut plain) = (Routes::new().explain(case.explain), Vec::new());
    for part in order.apply(parts.to_vec()) {
        match part() {
            Part::Annotated(list) => annotated = annotated.merge(list),
            part @ Part::Plain(_) => plain.push(part),
        }
    }
    (annotated, plain)
}

fn register(plain: &[Part], config: &mut ServiceConfig) {
    for part in plain {
        if let Part::Plain(register) = part {
            register(config);
        }
    }
}

/// Plain resources inside the `Cors` middleware.
#[derive(Debug)]
pub struct ActixMiddleware;

impl Engine for ActixMiddleware {
    const NAME: EngineName = EngineName::ActixMiddleware;

    fn answers(case: &Case, order: Order, beside: Beside) -> Vec<Seen> {
        let app = App::new().configure(|config| {
            for (path, routes) in order.apply(by_path(&case.routes)) {
                config.service(routes.into_iter().fold(web::resource(path), add));
            }
        });
        let cors = Cors::new(only_policy(case, beside)).explain(case.explain);
        ask_all(case, beside, between(case.between, app).wrap(cors))
    }
}

fn add(resource: Resource, route: &Route) -> Resource {
    let handler = route.handler;
    route.method.as_slice().iter().fold(resource, |resource, method| {
        let route = web::method(Method::from_bytes(method.as_bytes()).unwrap());
        resource.route(match handler {
            Handler::JsonExtractor => {
                route.to(move |_: Json<IgnoredAny>| async move { answer(handler) })
            }
            _ => route.to(move || async move { answer(handler) }),
        })
    })
}

/// An app that anything may be wrapped around.
trait Wrappable<B>:
    ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<B>,
        Error = Error,
        InitError = (),
    > + 'static
{
}

impl<T, B> Wrappable<B> for T where
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static
{
}

/// The middlewares of the user's between CORS and the handlers.
fn between<B: MessageBody + 'static>(
    between: Option<Between>,
    app: App<impl Wrappable<B>>,
) -> App<impl Wrappable<BoxBody>> {
    app.wrap(Condition::new(between == Some(Between::Auth), from_fn(authenticate)))
        .wrap(Condition::new(between == Some(Between::AuthErr), from_fn(authenticate_or_fail)))
        .wrap(from_fn(boxed))
}

/// Asks an app everything, with the middlewares around it.
fn ask_all<B: MessageBody + 'static>(
    case: &Case,
    beside: Beside,
    app: App<impl Wrappable<B>>,
) -> Vec<Seen> {
    let mut around = around(case, beside).into_iter().rev();
    // The type of an app tells how many middlewares it has, so each has a place at any time.
    let place = |policy: Option<PolicyRef>| {
        let is_taken = policy.is_some();
        let unused = || cors_core::Policy::builder().origins(["https://unused.example"]).build();
        let cors =
            Cors::new(policy.unwrap_or_else(|| unused().unwrap().into())).explain(case.explain);
        Condition::new(is_taken, cors)
    };
    let app = app
        .wrap(Condition::new(case.outside == Some(Outside::ReplacesVary), from_fn(replace_vary)))
        .wrap(Condition::new(case.outside == Some(Outside::JoinsVary), from_fn(join_vary)))
        .wrap(place(around.next()))
        .wrap(place(around.next()));
    assert!(around.next().is_none(), "more layers than places");
    actix_web::rt::System::new().block_on(async {
        let app = init_service(app).await;
        let mut seen = Vec::new();
        for request in &case.requests {
            let runs = canned::runs();
            let response = match app.call(to_actix(request).to_request()).await {
                Ok(response) => response.into_parts().1.map_into_boxed_body(),
                // What actix does with an error that is not caught.
                Err(error) => error.error_response(),
            };
            seen.push(read(response, canned::runs() > runs).await);
        }
        seen
    })
}

fn to_actix(request: &Request) -> TestRequest {
    let mut asked = TestRequest::default()
        .method(Method::from_bytes(request.method().as_bytes()).unwrap())
        .uri(&request.path)
        .set_payload(request.body.clone());
    for (name, bytes) in request.lines() {
        let name: HeaderName = name.parse().unwrap();
        asked = asked.append_header((name, HeaderValue::from_bytes(&bytes).unwrap()));
    }
    asked
}

async fn read(response: HttpResponse, handler_ran: bool) -> Seen {
    let headers = response.headers().iter();
    Seen {
        status: response.status().as_u16(),
        headers: headers.map(|(name, it)| (name.to_string(), it.as_bytes().to_vec())).collect(),
        body: to_bytes(response.into_body()).await.ok().map(|body| body.to_vec()),
        handler_ran,
    }
}
