//! Who is signed in: a layer like any other. On a list of routes it stands inside of CORS, so
//! preflights never meet it, and pages can read its 401.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::shop::user_of;

pub(super) async fn authenticate(mut request: Request, next: Next) -> Response {
    let token = request.headers().get(AUTHORIZATION).and_then(|it| it.to_str().ok());
    match user_of(token) {
        Some(user) => {
            request.extensions_mut().insert(user);
            next.run(request).await
        }
        None => (StatusCode::UNAUTHORIZED, "sign in first").into_response(),
    }
}

pub(crate) async fn authenticate_staff(request: Request, next: Next) -> Response {
    let token = request.headers().get(AUTHORIZATION).and_then(|it| it.to_str().ok());
    if user_of(token).is_some_and(|user| user.is_staff) {
        next.run(request).await
    } else {
        (StatusCode::UNAUTHORIZED, "only for the staff").into_response()
    }
}
