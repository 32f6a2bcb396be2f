//! The upstream, and the client in front of the gateway.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use http::{HeaderName, HeaderValue};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::canned;
use crate::model::{self, Case, Handler, Route};
use crate::seen::Seen;

/// A server without CORS, on the thread that sends the requests.
pub(super) struct Upstream {
    runtime: Runtime,
    port: u16,
    client: Client<HttpConnector, Body>,
}

impl Upstream {
    /// With the handlers of a case.
    pub(super) fn new(case: &Case) -> Self {
        let case = case.clone();
        Self::serve(axum::Router::new().fallback(move |request: Request| {
            let case = case.clone();
            async move { answer(&case, request).await }
        }))
    }

    /// Which says on every path who may read its responses.
    pub(super) fn careless() -> Self {
        let header = [("access-control-allow-origin", super::UPSTREAM)];
        Self::serve(axum::Router::new().fallback(move || async move { (header, "ok") }))
    }

    fn serve(app: axum::Router) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let port = listener.local_addr().unwrap().port();
        runtime.spawn(async { axum::serve(listener, app).await });
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { runtime, port, client }
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    /// Asks a server in front of it.
    pub(super) fn ask(&self, port: u16, request: &model::Request) -> Seen {
        let body = Body::from(request.body.clone());
        self.send(port, request.method(), &request.path, request.lines(), body)
    }

    /// Asks it as a page of an origin.
    pub(super) fn get(&self, port: u16, path: &str, origin: &str) -> Seen {
        let lines = vec![("origin".to_owned(), origin.as_bytes().to_vec())];
        self.send(port, "GET", path, lines, Body::empty())
    }

    fn send(
        &self,
        port: u16,
        method: &str,
        path: &str,
        lines: Vec<(String, Vec<u8>)>,
        body: Body,
    ) -> Seen {
        let runs = canned::runs();
        let uri = format!("http://127.0.0.1:{port}{path}");
        let mut asked = http::Request::builder().method(method).uri(uri);
        for (name, value) in lines {
            let name: HeaderName = name.parse().unwrap();
            asked = asked.header(name, HeaderValue::from_bytes(&value).unwrap());
        }
        let response = self.client.request(asked.body(body).unwrap());
        let response = self.runtime.block_on(response).unwrap();
        let headers = response.headers().iter();
        Seen {
            status: response.status().as_u16(),
            headers: headers.map(|(name, it)| (name.to_string(), it.as_bytes().to_vec())).collect(),
            body: None,
            handler_ran: canned::runs() > runs,
        }
    }
}

async fn answer(case: &Case, request: Request) -> Response {
    let status = |status: u16| Response::builder().status(status).body(Body::empty()).unwrap();
    let (head, body) = request.into_parts();
    let path = head.uri.path();
    let Some(route) = served(case, head.method.as_str(), path) else {
        let is_known = case.routes.iter().any(|it| is_at(it, path));
        return status(if is_known { 405 } else { 404 });
    };
    if case.between.is_some() && !head.headers.contains_key("authorization") {
        return status(401);
    }
    let body = to_bytes(body, 1 << 20).await.unwrap();
    if route.handler == Handler::JsonExtractor && !body.starts_with(b"{") {
        return status(400);
    }
    let canned = canned::run(route.handler);
    let mut response = Response::builder().status(canned.status);
    for (name, value) in canned.headers {
        response = response.header(*name, *value);
    }
    response.body(Body::from(canned.body)).unwrap()
}

/// The route that serves a method of a path.
pub(super) fn served<'c>(case: &'c Case, method: &str, path: &str) -> Option<&'c Route> {
    let declares =
        |route: &Route, method: &str| route.method.as_slice().iter().any(|it| it == method);
    let here = || case.routes.iter().filter(|it| is_at(it, path));
    let head = || here().find(|it| method == "HEAD" && declares(it, "GET"));
    here().find(|it| declares(it, method)).or_else(head)
}

/// Whether a route is on a path.
pub(super) fn is_at(route: &Route, path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let mut segments = route.path.split('/').zip(path.split('/'));
    route.path.split('/').count() == path.split('/').count()
        && segments.all(|(own, asked)| own == asked || own.starts_with('{'))
}
