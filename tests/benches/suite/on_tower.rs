//! A tower service, without a framework.

use std::convert::Infallible;

use cors_axum::CorsLayer;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Request, Response};
use tower::{Layer, Service, service_fn};

use super::ask::Ask;
use super::{Answer, Seen, Serve, Served, Stack, now, policies};

impl<B> Answer for Response<B> {
    fn seen(&self) -> Seen {
        Seen {
            status: self.status().as_u16(),
            allows: self.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN),
        }
    }
}

/// The request, in a map without room to spare, as hyper makes it.
pub(super) fn request<B: Default>(ask: &Ask) -> Request<B> {
    let mut headers = HeaderMap::with_capacity(ask.lines.len());
    for (name, value) in &ask.lines {
        let value = HeaderValue::from_maybe_shared(value.clone()).expect("a header value");
        headers.append(HeaderName::from_static(name), value);
    }
    let mut request = Request::new(B::default());
    *request.method_mut() = ask.method.parse().expect("a method");
    *request.uri_mut() = "/data".parse().expect("a path");
    *request.headers_mut() = headers;
    request
}

/// A response with so many headers.
pub(super) fn respond<B>(headers: usize, body: B) -> Response<B> {
    let all = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (header::CONTENT_LENGTH, HeaderValue::from_static("5")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::ETAG, HeaderValue::from_static("\"1f-5a\"")),
        (header::DATE, HeaderValue::from_static("Sun, 22 Nov 2026 12:00:00 GMT")),
    ];
    let mut response = Response::new(body);
    for (name, value) in all.into_iter().take(headers) {
        response.headers_mut().insert(name, value);
    }
    response
}

/// What is layered on.
pub(super) fn service<const HEADERS: usize>()
-> impl Service<Request<()>, Response = Response<()>, Error = Infallible, Future: 'static> + Clone {
    service_fn(|_| async { Ok(respond(HEADERS, ())) })
}

pub(super) fn serve<R: 'static>(
    mut service: impl Service<Request<()>, Response = Response<R>, Error = Infallible>,
) -> impl Serve {
    Served::new(request, move |request| {
        let Ok(response) = now(service.call(request));
        response
    })
}

/// Ten origins, two headers.
pub(super) fn stacks() -> Vec<Stack> {
    vec![
        Stack::new("tower bare", None, serve(service::<2>())),
        Stack::new(
            "tower CorsLayer",
            "tower bare",
            serve(CorsLayer::new(&policies::TEN).layer(service::<2>())),
        ),
        Stack::new(
            "tower CorsLayer of the environment",
            "tower bare",
            serve(CorsLayer::new(policies::of_environment()).layer(service::<2>())),
        ),
        Stack::new(
            "tower CorsLayer of a cell",
            "tower bare",
            serve(CorsLayer::new(policies::cell()).layer(service::<2>())),
        ),
    ]
}

/// Responses with no header and with five.
pub(super) fn shapes() -> Vec<Stack> {
    let layer = CorsLayer::new(&policies::TEN);
    vec![
        Stack::new("tower bare, 0 headers", None, serve(service::<0>())),
        Stack::new(
            "tower CorsLayer, 0 headers",
            "tower bare, 0 headers",
            serve(layer.layer(service::<0>())),
        ),
        Stack::new("tower bare, 5 headers", None, serve(service::<5>())),
        Stack::new(
            "tower CorsLayer, 5 headers",
            "tower bare, 5 headers",
            serve(layer.layer(service::<5>())),
        ),
    ]
}

/// Other ways to say who is allowed.
pub(super) fn origins() -> Vec<Stack> {
    let layered = |layer: CorsLayer| serve(layer.layer(service::<2>()));
    vec![
        Stack::new(
            "tower *.subdomain",
            "tower bare",
            layered(CorsLayer::new(&policies::SUBDOMAINS)),
        ),
        Stack::new("tower pattern", "tower bare", layered(CorsLayer::new(&policies::PATTERN))),
    ]
}

/// A policy of so many origins, made at run time.
pub(super) fn of(count: usize) -> impl Serve {
    serve(CorsLayer::new(policies::of(count)).layer(service::<2>()))
}

/// The same in a cell.
pub(super) fn cell_of(count: usize) -> impl Serve {
    serve(CorsLayer::new(policies::cell_of(count)).layer(service::<2>()))
}
