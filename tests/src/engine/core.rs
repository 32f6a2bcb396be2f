//! The core alone, with the least that an adapter does around it: dispatch by path and method,
//! one call for a request, one for its response.

use cors_core::PolicyRef;
use cors_core::adapter::{Endpoint, EndpointId, LayerPolicy, Methods, PathRoutes, Reply, Step};
use http::{HeaderValue, StatusCode};

use super::{Beside, Engine, Order, around, route_policy};
use crate::canned;
use crate::model::{self, Between, Case, EngineName, Handler, Outside, Route};
use crate::seen::Seen;

type Request = http::Request<String>;
type Response = http::Response<String>;

/// The core alone.
#[derive(Debug)]
pub struct Core;

impl Engine for Core {
    const NAME: EngineName = EngineName::Core;

    fn answers(case: &Case, order: Order, beside: Beside) -> Vec<Seen> {
        let served = case.routes.iter().map(|route| Served::of(route, beside));
        let routes = order.apply(served.collect());
        let (between, outside) = (case.between, case.outside);
        let app = App { routes, between, outside, explain: case.explain };
        let layer = |policy: PolicyRef| LayerPolicy::new(policy).explain(case.explain);
        let around: Vec<LayerPolicy> = around(case, beside).into_iter().map(layer).collect();
        let ask = |request: &model::Request| {
            let runs = canned::runs();
            let response = app.layered(&around, to_http(request));
            Seen {
                status: response.status().as_u16(),
                headers: response
                    .headers()
                    .iter()
                    .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
                    .collect(),
                body: Some(response.into_body().into_bytes()),
                handler_ran: canned::runs() > runs,
            }
        };
        case.requests.iter().map(ask).collect()
    }
}

fn to_http(request: &model::Request) -> Request {
    let mut asked = http::Request::builder().method(request.method()).uri(&request.path);
    for (name, bytes) in request.lines() {
        asked = asked.header(name, HeaderValue::from_bytes(&bytes).unwrap());
    }
    asked.body(request.body.clone()).unwrap()
}

struct App<'a> {
    routes: Vec<Served<'a>>,
    between: Option<Between>,
    outside: Option<Outside>,
    explain: bool,
}

struct Served<'a> {
    declared: &'a Route,
    /// The route, if it has a policy.
    route: Option<cors_core::adapter::Route>,
    methods: Methods,
}

impl<'a> Served<'a> {
    fn of(declared: &'a Route, beside: Beside) -> Self {
        let names = declared.method.as_slice().iter();
        let methods = Methods::These(names.map(|it| it.clone().into()).collect());
        let mut served = methods.clone();
        // As axum has it, and RFC 9110 asks for.
        if served.contains(b"GET") && !served.contains(b"HEAD") {
            served.push("HEAD");
        }
        let route = route_policy(declared, beside).map(|policy| {
            let endpoint = Endpoint::new("handler", "core.rs", policy);
            let (path, id) = (declared.path.clone(), EndpointId::unique());
            let served = served.clone();
            cors_core::adapter::Route {
                served,
                ..cors_core::adapter::Route::new(path, methods, id, endpoint)
            }
        });
        Self { declared, route, methods: served }
    }

    fn is_at(&self, path: &str) -> bool {
        let own = &self.declared.path;
        let mut segments = own.split('/').zip(path.split('/'));
        own.split('/').count() == path.split('/').count()
            && segments.all(|(own, asked)| own == asked || own.starts_with('{'))
    }

    fn declares(&self, method: &str) -> bool {
        self.declared.method.as_slice().iter().any(|it| it == method)
    }
}

impl App<'_> {
    fn layered(&self, around: &[LayerPolicy], request: Request) -> Response {
        let [policy, inner @ ..] = around else { return self.passed(self.routed(request)) };
        apply(policy.on_request(&request), request, |request| self.layered(inner, request))
    }

    /// What a layer of the user's makes of a response.
    fn passed(&self, mut response: Response) -> Response {
        let Some(outside) = self.outside else { return response };
        let lines = response.headers().get_all("vary").iter();
        let lines: Vec<&str> = lines.map(|it| it.to_str().unwrap()).collect();
        let vary = canned::vary(outside, &lines).parse().unwrap();
        response.headers_mut().insert("vary", vary);
        response
    }

    fn routed(&self, request: Request) -> Response {
        let path = request.uri().path().to_owned();
        let here: Vec<&Served<'_>> = self.routes.iter().filter(|it| it.is_at(&path)).collect();
        if here.is_empty() {
            return status(404);
        }
        let mut routes: Vec<_> = here.iter().filter_map(|it| it.route.clone()).collect();
        if here.iter().any(|it| it.declares("HEAD")) {
            for route in &mut routes {
                route.served = route.methods.clone();
            }
        }
        let policies = PathRoutes::new(routes);
        let method = request.method().as_str();
        if let Some(reply) = policies.on_preflight(&request, self.explain)
            && !policies.routes().is_empty()
        {
            return respond(reply);
        }
        let served = here.iter().find(|it| it.declares(method));
        let served =
            served.or_else(|| here.iter().find(|it| it.methods.contains(method.as_bytes())));
        match served {
            Some(served) => match &served.route {
                Some(route) => {
                    let step = route.endpoint.on_request(route.id, &request, self.explain);
                    apply(step, request, |request| self.run(&request, served))
                }
                None => self.run(&request, served),
            },
            None if policies.routes().is_empty() => status(405),
            None if method == "OPTIONS" => respond(policies.on_options(&request, self.explain)),
            None => apply(policies.on_unserved(&request), request, |_| status(405)),
        }
    }

    fn run(&self, request: &Request, served: &Served<'_>) -> Response {
        if self.between.is_some() && !request.headers().contains_key("authorization") {
            return status(401);
        }
        if served.declared.handler == Handler::JsonExtractor && !request.body().starts_with('{') {
            return status(400);
        }
        let canned = canned::run(served.declared.handler);
        let mut response = http::Response::builder().status(canned.status);
        for (name, value) in canned.headers {
            response = response.header(*name, *value);
        }
        response.body(canned.body.to_owned()).unwrap()
    }
}

fn apply(
    step: Step<HeaderValue>,
    mut request: Request,
    inner: impl FnOnce(Request) -> Response,
) -> Response {
    match step {
        Step::Respond(reply) => respond(reply),
        Step::Forward(mut pending) => {
            request.extensions_mut().insert(pending.outer());
            let mut response = inner(request);
            pending.on_response(&mut response);
            response
        }
        Step::PassThrough => inner(request),
    }
}

fn respond(reply: Reply<HeaderValue>) -> Response {
    let mut response = Response::default();
    let room = reply.count_headers();
    let may_be_grant = reply.status() < 300 && reply.allow().is_none();
    if let Some(allow) = reply.allow() {
        response.headers_mut().insert("allow", allow);
    }
    let body = reply.write(&mut response);
    // With too little room, the map grows while it is written. Grants count what they write; others
    // have a number that is enough for each of their kind, such as what explains itself in a body.
    let is_grant = may_be_grant && body.is_none();
    let written = response.headers().len();
    assert!(written == room || written < room && !is_grant, "{written} headers, room for {room}");
    *response.body_mut() = body.unwrap_or_default();
    response
}

fn status(status: u16) -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}
