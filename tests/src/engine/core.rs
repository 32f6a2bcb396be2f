//! The core alone, with the least that an adapter does around it: a list of header lines,
//! dispatch by path and method, layers.

use cors_core::{
    Actual, Decision, Mark, Policy, Refusal, RequestHead, RequestHeader, ResponseHeader,
    ResponseHeaders, Value, Wire, decide_shared, is_marked, is_preflight,
};
use http::HeaderValue;

use super::{Engine, Order, around, policy};
use crate::canned;
use crate::model::{Between, Case, EngineName, Handler, Outside, Request, Route};
use crate::seen::Seen;

/// The core alone.
#[derive(Debug)]
pub struct Core;

impl Engine for Core {
    const NAME: EngineName = EngineName::Core;

    fn answers(case: &Case, order: Order) -> Vec<Seen> {
        let routes = order.apply(case.routes.iter().map(Served::of).collect());
        let app = App { routes, between: case.between, outside: case.outside };
        let around = around(case);
        let ask = |request| {
            let runs = canned::runs();
            let reply = app.layered(&around, &Asked::of(request));
            Seen {
                status: reply.status,
                headers: reply
                    .headers
                    .into_iter()
                    .map(|(name, line)| (name, line.as_bytes().to_vec()))
                    .collect(),
                body: None,
                handler_ran: canned::runs() > runs,
            }
        };
        case.requests.iter().map(ask).collect()
    }
}

struct App<'a> {
    routes: Vec<Served<'a>>,
    between: Option<Between>,
    outside: Option<Outside>,
}

struct Served<'a> {
    route: &'a Route,
    methods: Vec<&'a str>,
    policy: Option<Policy>,
}

impl<'a> Served<'a> {
    fn of(route: &'a Route) -> Self {
        let mut methods: Vec<&str> = route.method.as_slice().iter().map(String::as_str).collect();
        // As axum has it, and RFC 9110 asks for.
        if methods.contains(&"GET") && !methods.contains(&"HEAD") {
            methods.push("HEAD");
        }
        Self { route, methods, policy: route.policy.as_ref().map(policy) }
    }

    fn is_at(&self, path: &str) -> bool {
        let segments = self.route.path.split('/').zip(path.split('/'));
        self.route.path.split('/').count() == path.split('/').count()
            && segments.into_iter().all(|(own, asked)| own == asked || own.starts_with('{'))
    }

    fn declares(&self, method: &str) -> bool {
        self.route.method.as_slice().iter().any(|it| it == method)
    }
}

struct Reply {
    status: u16,
    headers: Lines,
    /// The mark of a policy, where no header can show it.
    decided: bool,
}

impl Reply {
    fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), decided: false }
    }

    fn is_decided(&self) -> bool {
        self.decided || is_marked(&Headers(self.headers.clone()))
    }

    /// What is left of it behind a layer of the user's.
    fn passed(mut self, outside: Option<Outside>) -> Self {
        let Some(outside) = outside else { return self };
        // An adapter's mark must outlive what is done to headers; so does this one.
        self.decided = self.is_decided();
        let (vary, others): (Lines, Lines) =
            self.headers.into_iter().partition(|(name, _)| name == "vary");
        let lines: Vec<&str> =
            vary.iter().map(|(_, line)| str::from_utf8(line.as_bytes()).unwrap()).collect();
        let vary = canned::vary(outside, &lines);
        self.headers = others;
        self.headers.push(("vary".to_owned(), Line::from(vary.as_str())));
        self
    }

    fn write(mut self, policy: &Policy, actual: Actual<Line>) -> Self {
        if !self.decided {
            let mut headers = Headers(self.headers);
            self.decided = policy.write(actual, &mut headers) == Mark::Missing;
            self.headers = headers.0;
        }
        self
    }
}

fn granted_or_refused(
    policy: &Policy,
    decision: Decision<Line>,
    asked: &Asked<'_>,
) -> Result<Actual<Line>, Reply> {
    let mut headers = Headers(Vec::new());
    let status = match decision {
        Decision::Actual(actual) => return Ok(actual),
        Decision::Granted(grant) => {
            policy.write_grant(grant, asked, &mut headers);
            204
        }
        Decision::Refused(refusal) => {
            policy.write_refusal(refusal, &mut headers);
            403
        }
    };
    Err(Reply { headers: headers.0, ..Reply::new(status) })
}

impl App<'_> {
    /// A layer writes on what it passes on, and answers where nobody inside has a better
    /// answer.
    fn layered(&self, around: &[Policy], asked: &Asked<'_>) -> Reply {
        let [policy, inner @ ..] = around else { return self.routed(asked).passed(self.outside) };
        let decision = policy.decide(asked, None);
        let stops = matches!(decision, Decision::Refused(Refusal::Enforced))
            || policy.enforces() && matches!(decision, Decision::Refused(Refusal::Origin));
        match granted_or_refused(policy, decision, asked) {
            Ok(actual) => self.layered(inner, asked).write(policy, actual),
            Err(answer) if stops => answer,
            Err(answer) => {
                let reply = self.layered(inner, asked);
                if reply.is_decided() { reply } else { answer }
            }
        }
    }

    fn routed(&self, asked: &Asked<'_>) -> Reply {
        let here = || self.routes.iter().filter(|it| it.is_at(asked.path));
        if here().next().is_none() {
            return Reply::new(404);
        }
        let policies = || here().filter_map(|it| it.policy.as_ref());
        let find = |method: &str| {
            here()
                .find(|it| it.declares(method))
                .or_else(|| here().find(|it| it.methods.contains(&method)))
        };
        if is_preflight(asked) && policies().next().is_some() {
            return Self::preflight(asked, find(&asked.method_asked_for()), policies());
        }
        if let Some(served) = find(asked.method) {
            return self.handled(asked, served);
        }
        let mut reply = Reply::new(405);
        if asked.method == "OPTIONS" && policies().next().is_some() {
            reply.status = 204;
        }
        let methods = here().flat_map(|it| it.methods.iter().copied()).chain(["OPTIONS"]);
        let allow = methods.collect::<Vec<_>>().join(",");
        reply.headers.push(("allow".to_owned(), Line::from(allow.as_str())));
        match decide_shared(policies(), asked) {
            Some((policy, actual)) => reply.write(policy, actual),
            None => reply,
        }
    }

    fn preflight<'p>(
        asked: &Asked<'_>,
        served: Option<&'p Served<'_>>,
        mut others: impl Iterator<Item = &'p Policy>,
    ) -> Reply {
        match served {
            Some(Served { methods, policy: Some(policy), .. }) => {
                let decision = policy.decide(asked, Some(methods));
                granted_or_refused(policy, decision, asked).err().expect("it is a preflight")
            }
            // Nobody declared anything about it: a layer's business, if there is one.
            Some(Served { policy: None, .. }) => Reply::new(405),
            None => {
                let policy = others.next().expect("a policy on this path");
                let refusal = Decision::Refused(Refusal::Method);
                granted_or_refused(policy, refusal, asked).err().expect("it is refused")
            }
        }
    }

    fn handled(&self, asked: &Asked<'_>, served: &Served<'_>) -> Reply {
        let Some(policy) = &served.policy else { return self.run(asked, served) };
        match granted_or_refused(policy, policy.decide(asked, Some(&served.methods)), asked) {
            Ok(actual) => self.run(asked, served).write(policy, actual),
            Err(answer) => answer,
        }
    }

    fn run(&self, asked: &Asked<'_>, served: &Served<'_>) -> Reply {
        if self.between.is_some() && !asked.headers.iter().any(|(it, _)| it == "authorization") {
            return Reply::new(401);
        }
        if served.route.handler == Handler::JsonExtractor && !asked.body.starts_with('{') {
            return Reply::new(400);
        }
        let canned = canned::run(served.route.handler);
        let headers = canned.headers.iter();
        Reply {
            headers: headers
                .map(|(name, value)| ((*name).to_owned(), Line::from(*value)))
                .collect(),
            ..Reply::new(canned.status)
        }
    }
}

/// A request as the core reads it.
struct Asked<'a> {
    method: &'a str,
    path: &'a str,
    headers: Lines,
    body: &'a str,
}

impl<'a> Asked<'a> {
    fn of(request: &'a Request) -> Self {
        let lines = request.lines().into_iter();
        Self {
            method: request.method(),
            path: &request.path,
            headers: lines.map(|(name, bytes)| (name, Line::Theirs(bytes))).collect(),
            body: &request.body,
        }
    }

    fn method_asked_for(&self) -> String {
        let method = self.line(RequestHeader::AccessControlRequestMethod);
        method.map_or_else(String::new, |it| String::from_utf8_lossy(it.as_bytes()).into_owned())
    }
}

impl RequestHead for Asked<'_> {
    type Value = Line;

    fn method(&self) -> &str {
        self.method
    }

    fn lines(&self, name: RequestHeader) -> impl Iterator<Item = &Line> {
        self.headers.iter().filter(move |(it, _)| it == name.name()).map(|(_, line)| line)
    }
}

/// Header lines as a plain list.
type Lines = Vec<(String, Line)>;

/// A header value. What the core writes stays the `http` value that it is, because the
/// address of its bytes is how an outer policy knows it again.
#[derive(Clone)]
enum Line {
    Ours(HeaderValue),
    Theirs(Vec<u8>),
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self::Theirs(text.into())
    }
}

impl Wire for Line {
    fn from_value(value: &Value) -> Self {
        Self::Ours(HeaderValue::from_value(value))
    }

    fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Ours(value) => value.as_bytes(),
            Self::Theirs(bytes) => bytes,
        }
    }
}

struct Headers(Lines);

impl ResponseHeaders for Headers {
    type Value = Line;

    fn each(&self, mut visit: impl FnMut(ResponseHeader, &Line)) {
        let known = || ResponseHeader::ACCESS_CONTROL.into_iter().chain([ResponseHeader::Vary]);
        for (name, line) in &self.0 {
            if let Some(name) = known().find(|it| it.name() == name) {
                visit(name, line);
            }
        }
    }

    fn append(&mut self, name: ResponseHeader, value: Line) {
        self.0.push((name.name().to_owned(), value));
    }

    fn remove(&mut self, name: ResponseHeader) {
        self.0.retain(|(it, _)| it != name.name());
    }
}
