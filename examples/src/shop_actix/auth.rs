//! Who is signed in: a middleware like any other. Inside of `into_scope` it stands inside of CORS,
//! so preflights never meet it, and pages can read its 401.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::ErrorUnauthorized;
use actix_web::http::header::AUTHORIZATION;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};

use crate::shop::{User, user_of};

pub(super) async fn authenticate(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let user = user(&request).ok_or_else(|| ErrorUnauthorized("sign in first"))?;
    request.extensions_mut().insert(user);
    next.call(request).await
}

pub(crate) async fn authenticate_staff(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if user(&request).is_some_and(|user| user.is_staff) {
        next.call(request).await
    } else {
        Err(ErrorUnauthorized("only for the staff"))
    }
}

fn user(request: &ServiceRequest) -> Option<User> {
    user_of(request.headers().get(AUTHORIZATION).and_then(|it| it.to_str().ok()))
}
