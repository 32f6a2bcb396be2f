//! The sections of the guide from tower-http, on a tower service.

use axum::body::Body;
use axum::response::Response as AxumResponse;
use http::{Request, Response as HttpResponse};
use std::convert::Infallible;
use tower::{Service, ServiceExt};

use crate::Seen;
use crate::page::{ASKS, Ask, Response};

mod sections {
    include!(concat!(env!("OUT_DIR"), "/migrate-from-tower-http.rs"));
}

pub(crate) async fn seen() -> Vec<Seen> {
    sections::seen().await
}

async fn handler(_: Request<Body>) -> Result<AxumResponse, Infallible> {
    let response = HttpResponse::builder().header("x-total", "3").header("x-handler-ran", "1");
    Ok(response.body(Body::empty()).unwrap())
}

fn request(ask: &Ask) -> Request<Body> {
    let mut request = Request::builder().uri("/").method("GET").header("host", "api.example.com");
    if let Some(origin) = ask.origin {
        request = request.header("origin", origin);
    }
    if let Some(preflight) = &ask.preflight {
        request =
            request.method("OPTIONS").header("access-control-request-method", preflight.method);
        if !preflight.headers.is_empty() {
            request = request.header("access-control-request-headers", preflight.headers);
        }
        if preflight.private_network {
            request = request.header("access-control-request-private-network", "true");
        }
    }
    request.body(Body::empty()).unwrap()
}

/// What a layer around the handler answers.
macro_rules! through {
    ($layer:expr) => {
        crate::tower::ask_all($layer.layer(tower::service_fn(crate::tower::handler))).await
    };
}
use through;

async fn ask_all<S>(service: S) -> Vec<Response>
where
    S: Service<Request<Body>, Response = AxumResponse, Error = Infallible> + Clone,
{
    let mut responses = Vec::new();
    for ask in ASKS {
        let Ok(response) = service.clone().oneshot(request(ask)).await;
        let headers = response.headers().iter();
        let headers = headers.map(|(name, value)| (name.as_str(), value.as_bytes()));
        responses.push(Response::new(response.status().as_u16(), headers));
    }
    responses
}
