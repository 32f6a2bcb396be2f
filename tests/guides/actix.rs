//! The sections of the guide from actix-cors, on an actix service.

use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use actix_web::{Error, HttpResponse};

use crate::Seen;
use crate::page::{ASKS, Ask, Response};

mod sections {
    include!(concat!(env!("OUT_DIR"), "/migrate-from-actix-cors.rs"));
}

pub(crate) async fn seen() -> Vec<Seen> {
    sections::seen().await
}

fn request(ask: &Ask) -> ServiceRequest {
    let mut request = TestRequest::get().uri("/");
    if let Some(origin) = ask.origin {
        request = request.insert_header(("origin", origin));
    }
    if let Some(preflight) = &ask.preflight {
        request = request
            .method(Method::OPTIONS)
            .insert_header(("access-control-request-method", preflight.method));
        if !preflight.headers.is_empty() {
            request = request.insert_header(("access-control-request-headers", preflight.headers));
        }
        if preflight.private_network {
            request = request.insert_header(("access-control-request-private-network", "true"));
        }
    }
    request.to_srv_request()
}

async fn handler(request: ServiceRequest) -> Result<ServiceResponse, Error> {
    let mut response = HttpResponse::Ok();
    response.insert_header(("x-total", "3")).insert_header(("x-handler-ran", "1"));
    Ok(request.into_response(response.finish()))
}

/// What a middleware around the handler answers.
macro_rules! through {
    ($middleware:expr) => {{
        let service = actix_web::dev::fn_service(crate::actix::handler);
        let middleware = $middleware.new_transform(service).await;
        crate::actix::ask_all(middleware.unwrap()).await
    }};
}
use through;

async fn ask_all<S, B>(service: S) -> Vec<Response>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody + 'static,
{
    let mut responses = Vec::new();
    for ask in ASKS {
        let response = match service.call(request(ask)).await {
            Ok(response) => response.into_parts().1.map_into_boxed_body(),
            Err(error) => error.error_response(),
        };
        let headers = response.headers().iter();
        let headers = headers.map(|(name, value)| (name.as_str(), value.as_bytes()));
        responses.push(Response::new(response.status().as_u16(), headers));
    }
    responses
}
