//! actix-web: an app with one service.

use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::test::TestRequest;
use actix_web::{App, Error, HttpResponse};
use cors_actix::{Cors, routes};

use super::ask::Ask;
use super::{Answer, Seen, Serve, Served, Stack, now, policies};

impl<B> Answer for ServiceResponse<B> {
    fn seen(&self) -> Seen {
        Seen {
            status: self.status().as_u16(),
            allows: self.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN),
        }
    }
}

/// A response with so many headers.
pub(super) fn respond(headers: usize) -> HttpResponse {
    let all = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (header::LAST_MODIFIED, HeaderValue::from_static("Sun, 22 Nov 2026 11:00:00 GMT")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::ETAG, HeaderValue::from_static("\"1f-5a\"")),
        (header::DATE, HeaderValue::from_static("Sun, 22 Nov 2026 12:00:00 GMT")),
    ];
    let mut response = HttpResponse::Ok().body("hello");
    for (name, value) in all.into_iter().take(headers) {
        response.headers_mut().insert(name, value);
    }
    response
}

/// The handlers, which differ by how many headers they set.
pub(super) mod plain {
    use super::{HttpResponse, respond};
    use actix_web::get;

    #[get("/data")]
    pub(super) async fn none() -> HttpResponse {
        respond(0)
    }

    #[get("/data")]
    pub(in super::super) async fn two() -> HttpResponse {
        respond(2)
    }

    #[get("/data")]
    pub(super) async fn five() -> HttpResponse {
        respond(5)
    }
}

/// The same, annotated.
mod annotated {
    use super::super::policies::{CELL, TEN};
    use super::{HttpResponse, respond};
    use actix_web::get;
    use cors_actix::cors;

    #[cors(policy = TEN)]
    #[get("/data")]
    pub(super) async fn none() -> HttpResponse {
        respond(0)
    }

    #[cors(policy = TEN)]
    #[get("/data")]
    pub(super) async fn two() -> HttpResponse {
        respond(2)
    }

    #[cors(policy = CELL)]
    #[get("/data")]
    pub(super) async fn cell() -> HttpResponse {
        respond(2)
    }

    #[cors(policy = TEN)]
    #[get("/data")]
    pub(super) async fn five() -> HttpResponse {
        respond(5)
    }
}

/// The request, still to be finished, because the type of what it becomes has no name here.
pub(super) fn request(ask: &Ask) -> TestRequest {
    let request = TestRequest::with_uri("/data").method(ask.method.parse().expect("a method"));
    ask.lines.iter().fold(request, |request, (name, value)| {
        let value = HeaderValue::from_maybe_shared(value.clone()).expect("a header value");
        request.append_header((HeaderName::from_static(name), value))
    })
}

pub(super) fn serve<Q: 'static, B: MessageBody + 'static>(
    make: fn(&Ask) -> Q,
    service: impl Service<Q, Response = ServiceResponse<B>, Error = Error> + 'static,
) -> impl Serve {
    Served::new(make, move |request| now(service.call(request)).expect("a response"))
}

/// An app, started.
macro_rules! started {
    ($app:expr) => {
        $crate::suite::on_actix::serve(
            |ask| $crate::suite::on_actix::request(ask).to_request(),
            $crate::suite::now(::actix_web::test::init_service($app)),
        )
    };
}
#[cfg(feature = "peers")]
pub(super) use started;

/// What middlewares are put on.
pub(super) use plain::two as handler;

/// Ten origins, two headers.
pub(super) fn stacks() -> Vec<Stack> {
    let nothing = App::new().wrap_fn(|request, inner| inner.call(request));
    let bare = "actix bare";
    policies::cell();
    vec![
        Stack::new(bare, None, started!(App::new().service(handler))),
        Stack::new("actix wrap of nothing", bare, started!(nothing.service(handler))),
        Stack::new(
            "actix Cors",
            bare,
            started!(App::new().wrap(Cors::new(&policies::TEN)).service(handler)),
        ),
        Stack::new("actix annotated", bare, started!(App::new().service(annotated::two))),
        Stack::new("actix annotated, a cell", bare, started!(App::new().service(annotated::cell))),
        Stack::new(
            "actix app annotated",
            bare,
            started!(routes![annotated::two].into_app(App::new(), |app| app)),
        ),
        Stack::new(
            "actix Cors around annotated",
            bare,
            started!(App::new().wrap(Cors::new(&policies::TEN)).service(annotated::two)),
        ),
    ]
}

/// Responses with no header and with five.
pub(super) fn shapes() -> Vec<Stack> {
    vec![
        Stack::new("actix bare, 0 headers", None, started!(App::new().service(plain::none))),
        Stack::new(
            "actix annotated, 0 headers",
            "actix bare, 0 headers",
            started!(App::new().service(annotated::none)),
        ),
        Stack::new("actix bare, 5 headers", None, started!(App::new().service(plain::five))),
        Stack::new(
            "actix annotated, 5 headers",
            "actix bare, 5 headers",
            started!(App::new().service(annotated::five)),
        ),
    ]
}
