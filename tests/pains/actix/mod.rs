//! The complaints on actix-web.

mod candidate;
mod composition;
mod deployment;
mod errors;
mod foreign_lists;
mod headers;
mod order;
mod policies;
mod preflights;
mod verdicts;

use actix_http::Request;
use actix_web::body::{EitherBody, MessageBody, to_bytes};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::error::ErrorUnauthorized;
use actix_web::http::header::{HeaderName, HeaderValue, LOCATION};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::test::TestRequest;
use actix_web::{Error, HttpResponse};

use crate::talk::{Answer, Ask};

/// Sends a request through an app.
async fn ask<S, B>(app: &S, ask: Ask) -> Answer
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody + 'static,
{
    let mut request = TestRequest::with_uri(&ask.path)
        .method(Method::from_bytes(ask.method.as_bytes()).unwrap())
        .set_payload(ask.body);
    for (name, value) in &ask.headers {
        let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
        request = request.append_header((HeaderName::from_static(name), value));
    }
    let response = match app.call(request.to_request()).await {
        Ok(response) => response.into_parts().1.map_into_boxed_body(),
        // What actix does with an error that is not caught.
        Err(error) => error.error_response(),
    };
    let headers = response.headers().iter();
    Answer {
        status: response.status().as_u16(),
        headers: headers
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect(),
        body: String::from_utf8(to_bytes(response.into_body()).await.unwrap().to_vec()).unwrap(),
    }
}

/// An authentication as most apps have it: it fails.
async fn authenticate<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    if request.headers().contains_key("authorization") {
        next.call(request).await
    } else {
        Err(ErrorUnauthorized("who are you?"))
    }
}

/// A rate limit whose quota is used up.
async fn limit_rate<B: MessageBody>(
    request: ServiceRequest,
    _: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let answer = HttpResponse::new(StatusCode::TOO_MANY_REQUESTS);
    Ok(request.into_response(answer).map_into_right_body())
}

/// A redirect of everything, as from `http` to `https`.
async fn redirect<B: MessageBody>(
    request: ServiceRequest,
    _: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let target = format!("https://api.example.com{}", request.uri());
    let answer = HttpResponse::PermanentRedirect().insert_header((LOCATION, target)).finish();
    Ok(request.into_response(answer).map_into_right_body())
}
