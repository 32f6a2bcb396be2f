//! The table of cases at a gateway: a server with the policies of a case, in front of an upstream
//! without CORS.

mod server;
mod upstream;

use cors_core::adapter::{Endpoint, EndpointId, Methods};
use cors_core::gateway::{self, Backend, GatewayErrors};
use cors_core::{Policy, RouteTable};

use crate::engine;
use crate::model::{Case, Request, Route};
use crate::seen::Seen;

pub use server::{Haproxy, Nginx, Server, are_installed};

/// The routes of a case that have a policy; `None` if the case is about what a gateway cannot see.
#[must_use]
pub fn table(case: &Case) -> Option<RouteTable> {
    let is_visible = case.engines.is_empty()
        && case.around.is_empty()
        && case.outside.is_none()
        && case.default.is_none()
        && !case.explain
        && case.requests.iter().all(|request| is_visible(case, request));
    let table: RouteTable = case.routes.iter().filter_map(|it| route(case, it)).collect();
    (is_visible && table.iter().next().is_some()).then_some(table)
}

/// Whether a gateway has a part in the response: an `OPTIONS` that is no preflight is answered by the
/// framework, and so is a method that no route of the path serves.
fn is_visible(case: &Case, request: &Request) -> bool {
    let is_preflight = request.preflight.is_some() && request.origin.is_some();
    let is_options = request.method() == "OPTIONS" && !is_preflight;
    let is_served = upstream::served(case, request.method(), &request.path).is_some();
    let is_known = case.routes.iter().any(|it| upstream::is_at(it, &request.path));
    !is_options && (is_preflight || is_served || !is_known)
}

fn route(case: &Case, route: &Route) -> Option<cors_core::adapter::Route> {
    let policy = match &route.policy {
        Some(policy) => engine::built(policy),
        None if route.none => Policy::builder().none().build().unwrap(),
        None => return None,
    };
    let names = route.method.as_slice().iter();
    let methods = Methods::These(names.map(|it| it.clone().into()).collect());
    let mut served = methods.clone();
    let declares_head =
        |it: &Route| it.path == route.path && it.method.as_slice().iter().any(|it| it == "HEAD");
    if served.contains(b"GET") && !case.routes.iter().any(declares_head) {
        served.push("HEAD");
    }
    let endpoint = Endpoint::new("handler", "table.rs", policy);
    let (path, id) = (route.path.clone(), EndpointId::unique());
    Some(cors_core::adapter::Route {
        served,
        ..cors_core::adapter::Route::new(path, methods, id, endpoint)
    })
}

/// What a server answers to the requests of a case.
///
/// # Errors
///
/// If the server cannot be given the policies.
pub fn answers<S: Server>(case: &Case, table: &RouteTable) -> Result<Vec<Seen>, GatewayErrors> {
    let upstream = upstream::Upstream::new(case);
    let server = S::start(table, upstream.port())?;
    Ok(case.requests.iter().map(|request| upstream.ask(server.port(), request)).collect())
}

/// What the configurations that no server is run with leave out.
///
/// # Errors
///
/// If the target cannot be given the policies.
pub fn left_out_by_envoy(table: &RouteTable) -> Result<Vec<String>, GatewayErrors> {
    gateway::envoy(table, "app").map(|text| notes(&text))
}

/// The same of the Kubernetes Gateway API.
///
/// # Errors
///
/// If the target cannot be given the policies.
pub fn left_out_by_gateway_api(table: &RouteTable) -> Result<Vec<String>, GatewayErrors> {
    gateway::http_route(table, &BACKEND).map(|text| notes(&text))
}

/// What the routes are attached to.
pub const BACKEND: Backend<'_> =
    Backend { name: "app", gateway: "public", service: "app", port: 8080 };

/// The comments that say what a target cannot say.
fn notes(text: &str) -> Vec<String> {
    let comments = text.lines().filter_map(|line| line.trim_start().strip_prefix("# "));
    let notes = comments.filter(|it| it.starts_with("not said") || it.starts_with("the filter "));
    let mut notes: Vec<String> = notes.map(str::to_owned).collect();
    notes.sort();
    notes.dedup();
    notes
}

/// What the careless upstream of [`get`] says of CORS, on every path.
pub const UPSTREAM: &str = "https://upstream.example";

/// The headers of what a server answers to pages of some origins, in front of an upstream that says on
/// every path who may read its responses.
///
/// # Panics
///
/// If it cannot be given the policies, or does not start.
#[must_use]
pub fn get<S: Server>(
    table: &RouteTable,
    path: &str,
    origins: &[&str],
) -> Vec<Vec<(String, String)>> {
    let upstream = upstream::Upstream::careless();
    let server = S::start(table, upstream.port()).unwrap_or_else(|errors| panic!("{errors}"));
    let get = |origin: &&str| {
        let seen = upstream.get(server.port(), path, origin);
        let lines = seen.headers.into_iter();
        lines.map(|(name, it)| (name, String::from_utf8_lossy(&it).into_owned())).collect()
    };
    origins.iter().map(get).collect()
}
