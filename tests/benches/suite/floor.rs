//! The floor: the same responses, written by hand for this one policy, without what makes them right
//! for any other.

use std::convert::Infallible;

use actix_web::dev::Service as _;
use actix_web::{App, HttpRequest, HttpResponse};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use tower::{Service, service_fn};

use super::{Serve, Stack, on_actix, on_axum, on_tower};

const ORIGINS: [&str; 10] = [
    "https://t0000000.example.com",
    "https://t0000001.example.com",
    "https://t0000002.example.com",
    "https://t0000003.example.com",
    "https://t0000004.example.com",
    "https://t0000005.example.com",
    "https://t0000006.example.com",
    "https://t0000007.example.com",
    "https://t0000008.example.com",
    "https://t0000009.example.com",
];
const METHODS: [&str; 4] = ["GET", "POST", "PUT", "DELETE"];
const HEADERS: [&str; 3] = ["authorization", "content-type", "x-requested-with"];
const VARY: &str = "origin, access-control-request-method, access-control-request-headers";

/// The headers, for a map of headers.
macro_rules! by_hand {
    ($name:ident, $header:path) => {
        mod $name {
            use $header::{self as header, HeaderMap, HeaderValue};

            use super::{HEADERS, METHODS, ORIGINS, VARY};

            /// The origin of the request, if it is allowed.
            pub(super) fn origin(request: &HeaderMap) -> Option<HeaderValue> {
                let origin = request.get(header::ORIGIN)?;
                let is_allowed = ORIGINS.iter().any(|it| it.as_bytes() == origin.as_bytes());
                is_allowed.then(|| origin.clone())
            }

            /// Writes on the response to an actual request.
            pub(super) fn write(response: &mut HeaderMap, origin: Option<HeaderValue>) {
                response.append(header::VARY, HeaderValue::from_static("origin"));
                let Some(origin) = origin else { return };
                response.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
                response.insert(
                    header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
                    HeaderValue::from_static("true"),
                );
                response.insert(
                    header::ACCESS_CONTROL_EXPOSE_HEADERS,
                    HeaderValue::from_static("x-request-id,x-total-count"),
                );
            }

            /// Whether it is a preflight, of a request for `OPTIONS`.
            pub(super) fn is_preflight(request: &HeaderMap) -> bool {
                request.contains_key(header::ORIGIN)
                    && request.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
            }

            /// Writes on the response to a preflight, if it is granted.
            pub(super) fn preflight(request: &HeaderMap, response: &mut HeaderMap) -> bool {
                response.insert(header::VARY, HeaderValue::from_static(VARY));
                let Some(origin) = origin(request) else { return false };
                let asked = request.get(header::ACCESS_CONTROL_REQUEST_METHOD);
                let is_method =
                    asked.is_some_and(|it| METHODS.iter().any(|one| one.as_bytes() == it));
                let is_headers = match request.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
                    None => true,
                    Some(asked) => asked
                        .as_bytes()
                        .split(|byte| *byte == b',')
                        .all(|name| HEADERS.iter().any(|one| one.as_bytes() == name)),
                };
                if !is_method || !is_headers {
                    return false;
                }
                let fixed = |text| HeaderValue::from_static(text);
                response.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
                response.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, fixed("true"));
                response.insert(header::ACCESS_CONTROL_ALLOW_METHODS, fixed("GET,POST,PUT,DELETE"));
                response.insert(
                    header::ACCESS_CONTROL_ALLOW_HEADERS,
                    fixed("authorization,content-type,x-requested-with"),
                );
                response.insert(header::ACCESS_CONTROL_MAX_AGE, fixed("3600"));
                true
            }
        }
    };
}

by_hand!(http_1, http::header);
by_hand!(http_02, actix_web::http::header);

/// The status of the response to a preflight.
const fn status(is_granted: bool) -> u16 {
    if is_granted { 204 } else { 403 }
}

fn on_preflight<R: Default>(request: &http::HeaderMap) -> http::Response<R> {
    let mut headers = http::HeaderMap::with_capacity(7);
    let is_granted = http_1::preflight(request, &mut headers);
    let mut response = http::Response::new(R::default());
    *response.status_mut() = http::StatusCode::from_u16(status(is_granted)).expect("a status");
    *response.headers_mut() = headers;
    response
}

fn on_actix_preflight(request: &actix_web::http::header::HeaderMap) -> HttpResponse {
    let mut response = HttpResponse::new(actix_web::http::StatusCode::OK);
    let is_granted = http_02::preflight(request, response.headers_mut());
    *response.status_mut() =
        actix_web::http::StatusCode::from_u16(status(is_granted)).expect("a status");
    response
}

/// A layer.
fn layered<B, R: Default>(
    mut inner: impl Service<http::Request<B>, Response = http::Response<R>, Error = Infallible>,
) -> impl Service<http::Request<B>, Response = http::Response<R>, Error = Infallible> {
    service_fn(move |request: http::Request<B>| {
        let headers = request.headers();
        let step = if request.method() == http::Method::OPTIONS && http_1::is_preflight(headers) {
            Err(on_preflight(headers))
        } else {
            let origin = http_1::origin(headers);
            Ok((origin, inner.call(request)))
        };
        async move {
            match step {
                Ok((origin, future)) => {
                    let mut response = future.await?;
                    http_1::write(response.headers_mut(), origin);
                    Ok(response)
                }
                Err(response) => Ok(response),
            }
        }
    })
}

/// Two handlers of axum: a function whose response has so many headers, and what answers its preflights.
fn on_two_of_axum<const HEADERS: usize>() -> Router {
    async fn data<const HEADERS: usize>(request: Request) -> Response {
        let origin = http_1::origin(request.headers());
        let mut response = on_tower::respond(HEADERS, Body::from("hello"));
        http_1::write(response.headers_mut(), origin);
        response
    }
    async fn options(request: Request) -> Response {
        on_preflight(request.headers())
    }
    Router::new().route("/data", axum::routing::get(data::<HEADERS>).options(options))
}

#[actix_web::get("/data")]
async fn data(request: HttpRequest) -> HttpResponse {
    let origin = http_02::origin(request.headers());
    let mut response = on_actix::respond(2);
    http_02::write(response.headers_mut(), origin);
    response
}

#[actix_web::options("/data")]
async fn options(request: HttpRequest) -> HttpResponse {
    on_actix_preflight(request.headers())
}

/// The stacks, each beside the one of ours whose floor it is.
pub(crate) const FLOORS: [(&str, &str); 7] = [
    ("axum annotated", "axum by hand"),
    ("axum CorsLayer outside", "axum layer by hand outside"),
    ("tower CorsLayer", "tower layer by hand"),
    ("actix annotated", "actix by hand"),
    ("actix Cors", "actix wrap by hand"),
    ("axum annotated, 5 headers", "axum by hand, 5 headers"),
    ("tower CorsLayer, 5 headers", "tower layer by hand, 5 headers"),
];

/// Responses with five headers.
pub(super) fn shapes() -> Vec<Stack> {
    let by_hand = on_axum::served(on_two_of_axum::<5>());
    let layer = on_tower::serve(layered(on_tower::service::<5>()));
    vec![
        Stack::new("axum by hand, 5 headers", "axum bare, 5 headers", by_hand),
        Stack::new("tower layer by hand, 5 headers", "tower bare, 5 headers", layer),
    ]
}

/// Ten origins, two headers.
pub(super) fn stacks() -> Vec<Stack> {
    let wrapped = App::new().wrap_fn(|request, inner| {
        let headers = request.headers();
        let step = if request.method() == actix_web::http::Method::OPTIONS
            && http_02::is_preflight(headers)
        {
            let response = on_actix_preflight(headers);
            Err(request.into_response(response))
        } else {
            let origin = http_02::origin(headers);
            Ok((origin, inner.call(request)))
        };
        async move {
            match step {
                Ok((origin, future)) => {
                    let mut response = future.await?;
                    http_02::write(response.headers_mut(), origin);
                    Ok(response.map_into_left_body())
                }
                Err(response) => Ok(response.map_into_right_body()),
            }
        }
    });
    let rows: [(&'static str, Box<dyn Serve>); 5] = [
        ("axum bare", Box::new(on_axum::served(on_two_of_axum::<2>()))),
        ("axum bare", Box::new(on_axum::serve(layered(on_axum::app().with_state(()))))),
        ("tower bare", Box::new(on_tower::serve(layered(on_tower::service::<2>())))),
        ("actix bare", Box::new(on_actix::started!(App::new().service(data).service(options)))),
        ("actix bare", Box::new(on_actix::started!(wrapped.service(on_actix::handler)))),
    ];
    let stack = |((_, name), (over, serve))| Stack { name, over: Some(over), serve };
    FLOORS.into_iter().zip(rows).map(stack).collect()
}
