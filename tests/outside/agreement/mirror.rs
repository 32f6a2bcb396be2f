//! Servers that answer as a plan says, and remember what arrived.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Request, Response};
use axum::response::Html;
use axum::routing::{any, get};
use cors_core::adapter::{LayerPolicy, Step};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::plan::{Answer, Cors, HOSTS, PORTS, Plan};

/// Which browser calls: the first part of the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Caller {
    Real,
    Simulated,
}

impl Caller {
    /// Both are as long, so that nothing else differs.
    pub(crate) const fn prefix(self) -> &'static str {
        match self {
            Self::Real => "/real",
            Self::Simulated => "/mock",
        }
    }
}

/// What arrived at a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrived {
    pub(crate) hop: usize,
    pub(crate) method: String,
    /// Sorted.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

#[derive(Debug, Default)]
struct Shared {
    plans: HashMap<usize, Arc<Plan>>,
    arrived: HashMap<(String, usize), Vec<Arrived>>,
    ports: Vec<u16>,
}

/// The servers, until it is dropped.
#[derive(Debug)]
pub(crate) struct Mirror {
    shared: Arc<Mutex<Shared>>,
    ports: Vec<u16>,
    _tasks: JoinSet<io::Result<()>>,
}

impl Mirror {
    pub(crate) async fn start() -> io::Result<Self> {
        let shared = Arc::new(Mutex::new(Shared::default()));
        let app = Router::new()
            .route("/page", get(|| async { Html("<!doctype html><title>page</title>") }))
            .route("/{caller}/{number}/{hop}", any(answer))
            .with_state(Arc::clone(&shared));
        let (mut ports, mut tasks) = (Vec::new(), JoinSet::new());
        for _ in 0..2 {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
            ports.push(listener.local_addr()?.port());
            tasks.spawn(axum::serve(listener, app.clone()).into_future());
        }
        shared.lock().unwrap().ports.clone_from(&ports);
        Ok(Self { shared, ports, _tasks: tasks })
    }

    pub(crate) fn origin(&self, host: usize) -> String {
        origin(&self.ports, host)
    }

    pub(crate) fn page(&self) -> String {
        format!("{}/page", self.origin(0))
    }

    /// Where the calls of a plan go.
    pub(crate) fn url(&self, caller: Caller, number: usize, plan: &Plan) -> String {
        format!("{}{}/{number}/0", self.origin(plan.hops[0].host), caller.prefix())
    }

    pub(crate) fn expect(&self, number: usize, plan: Arc<Plan>) {
        self.shared.lock().unwrap().plans.insert(number, plan);
    }

    /// What a browser has sent because of a plan.
    pub(crate) fn arrived(&self, caller: Caller, number: usize) -> Vec<Arrived> {
        let caller = caller.prefix().trim_start_matches('/').to_owned();
        self.shared.lock().unwrap().arrived.remove(&(caller, number)).unwrap_or_default()
    }
}

fn origin(ports: &[u16], host: usize) -> String {
    format!("http://{}:{}", HOSTS[host], ports[PORTS[host]])
}

async fn answer(
    State(shared): State<Arc<Mutex<Shared>>>,
    Path((caller, number, hop)): Path<(String, usize, usize)>,
    request: Request<Body>,
) -> Response<Body> {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let (plan, ports) = {
        let mut shared = shared.lock().unwrap();
        let arrived = Arrived::read(hop, &head, &body);
        shared.arrived.entry((caller.clone(), number)).or_default().push(arrived);
        (Arc::clone(&shared.plans[&number]), shared.ports.clone())
    };
    let here = &plan.hops[hop];
    let is_preflight =
        head.method == "OPTIONS" && head.headers.contains_key("access-control-request-method");
    let inner = || {
        let answer = if is_preflight { &here.preflight } else { &here.actual };
        let mut response = write(answer, &head);
        if let (false, Some(next)) = (is_preflight, plan.hops.get(hop + 1)) {
            let next = format!("{}/{caller}/{number}/{}", origin(&ports, next.host), hop + 1);
            let location = here.location.clone().unwrap_or(next);
            response
                .headers_mut()
                .insert("location", HeaderValue::from_bytes(location.as_bytes()).unwrap());
        }
        response
    };
    match &here.cors {
        Cors::ByHand => inner(),
        Cors::Policy(policy) => around(&LayerPolicy::new(Arc::clone(policy)), &head, inner),
    }
}

/// As an adapter of the toolkit answers.
fn around(
    cors: &LayerPolicy,
    head: &Parts,
    inner: impl FnOnce() -> Response<Body>,
) -> Response<Body> {
    match cors.on_request(head) {
        Step::Respond(reply) => {
            let mut response = Response::new(Body::empty());
            if let Some(body) = reply.write(&mut response) {
                *response.body_mut() = Body::from(body);
            }
            response
        }
        Step::Forward(mut pending) => {
            let mut response = inner();
            pending.on_response(&mut response);
            response
        }
        Step::PassThrough => inner(),
    }
}

fn write(answer: &Answer, head: &Parts) -> Response<Body> {
    let has_body = !matches!(answer.status, 204 | 304) && head.method != "HEAD";
    let body = if has_body { Body::from("the body") } else { Body::empty() };
    let mut response = Response::builder()
        .status(answer.status)
        .header("content-type", "text/plain")
        // What browsers keep of responses is not what is compared.
        .header("cache-control", "no-store");
    let sent = |name: &str| head.headers.get(name).map(HeaderValue::as_bytes);
    for (name, value) in &answer.headers {
        let value = match value.as_str() {
            "@method" => sent("access-control-request-method"),
            "@headers" => sent("access-control-request-headers"),
            value if value.contains("@origin") => sent("origin"),
            value => Some(value.as_bytes()),
        };
        if let Some(value) = value {
            response = response.header(*name, value);
        }
    }
    response.body(body).unwrap()
}

/// What differs for other reasons than the Fetch standard: what the browser is, and what the connection
/// is.
const NOISE: &[&str] = &["user-agent", "accept-encoding", "accept-language", "connection"];

impl Arrived {
    fn read(hop: usize, head: &Parts, body: &Bytes) -> Self {
        let text = |value: &HeaderValue| value.as_bytes().escape_ascii().to_string();
        let mut headers: Vec<_> = head
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), text(value)))
            .filter(|(name, value)| {
                // Those that a script has set are compared.
                let is_own = ["own", "en-GB", "en_GB"].contains(&value.as_str());
                is_own || !(NOISE.contains(&name.as_str()) || name.starts_with("sec-ch-"))
            })
            .collect();
        // The order of cookies depends on when they were stored.
        for (name, value) in &mut headers {
            if name == "cookie" {
                let mut cookies: Vec<&str> = value.split("; ").collect();
                cookies.sort_unstable();
                *value = cookies.join("; ");
            }
        }
        headers.sort();
        let body = String::from_utf8_lossy(body).into_owned();
        Self { hop, method: head.method.to_string(), headers, body }
    }
}
