//! The adapter for poem: each policy around what it is around, the inner one with the last word.

use examples::poem_adapter::app;
use poem::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
use poem::http::{Method, StatusCode};
use poem::{Endpoint, Request, Response};

const APP: &str = "https://app.example.com";
const STAFF: &str = "https://staff.example.com";
const EVIL: &str = "https://app.example.com.evil.net";

#[tokio::test]
async fn preflights_are_answered_by_the_outermost_policy() {
    let ask = async |path: &str, origin: &str, method: &str| {
        let request = Request::builder()
            .method(Method::OPTIONS)
            .uri(path.parse().unwrap())
            .header(ORIGIN, origin)
            .header(ACCESS_CONTROL_REQUEST_METHOD, method);
        app().get_response(request.finish()).await
    };
    let allowed = ask("/", APP, "GET").await;
    assert_eq!((allowed.status(), reader(&allowed)), (StatusCode::NO_CONTENT, Some(APP)));
    let nested = ask("/staff/tea", STAFF, "PUT").await;
    assert_eq!((nested.status(), reader(&nested)), (StatusCode::NO_CONTENT, Some(STAFF)));
    let rejected = ask("/staff/tea", EVIL, "PUT").await;
    assert_eq!((rejected.status(), reader(&rejected)), (StatusCode::FORBIDDEN, None));
}

#[tokio::test]
async fn the_inner_policy_has_the_last_word() {
    let ask = async |method: Method, path: &str, origin: &str| {
        let request = Request::builder().method(method).uri(path.parse().unwrap());
        app().get_response(request.header(ORIGIN, origin).finish()).await
    };
    let outer = ask(Method::GET, "/", APP).await;
    assert_eq!((outer.status(), reader(&outer)), (StatusCode::OK, Some(APP)));
    let inner = ask(Method::PUT, "/staff/tea", STAFF).await;
    assert_eq!((inner.status(), reader(&inner)), (StatusCode::OK, Some(STAFF)));
    let rejected = ask(Method::PUT, "/staff/tea", APP).await;
    assert_eq!((rejected.status(), reader(&rejected)), (StatusCode::FORBIDDEN, None));
}

#[tokio::test]
async fn an_error_of_the_framework_carries_the_headers() {
    let request = Request::builder().uri("/nowhere".parse().unwrap()).header(ORIGIN, APP);
    let response = app().get_response(request.finish()).await;
    assert_eq!((response.status(), reader(&response)), (StatusCode::NOT_FOUND, Some(APP)));
}

fn reader(response: &Response) -> Option<&str> {
    response.headers().get(ACCESS_CONTROL_ALLOW_ORIGIN)?.to_str().ok()
}
