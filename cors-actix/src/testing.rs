//! A browser for tests: make the calls of a page to a built app, in your tests, and see what the page
//! would see.
//!
//! ```
//! use actix_web::{App, Responder, put, test};
//! use cors_actix::testing::{FetchFrom, Page, Request};
//! use cors_actix::{Routes, cors, routes};
//!
//! #[cors(origins = ["https://app.example.com"], credentials)]
//! #[put("/users/{id}")]
//! async fn update_user(body: String) -> impl Responder {
//!     body
//! }
//!
//! fn api() -> Routes {
//!     routes![update_user]
//! }
//!
//! # #[actix_web::main] async fn main() {
//! let app = test::init_service(api().into_app(App::new(), |app| app)).await;
//! let page = Page::at("https://app.example.com").with_cookies().explained_by(api().table());
//!
//! let call = Request::put("https://api.example.com/users/7").json(r#"{"name":"Ada"}"#);
//! let failure = page.fetch(call).from(&app).await.unwrap_err();
//! assert!(failure.why().unwrap().ends_with(
//!     "the request header `content-type` is not allowed here; the policy allows none: \
//!      if the page may send it, add it to `headers`",
//! ));
//!
//! let call = Request::put("https://api.example.com/users/7").body("Ada");
//! assert_eq!(page.fetch(call).from(&app).await.unwrap().text(), "Ada");
//! # }
//! ```

use actix_web::body::{MessageBody, to_bytes};
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode, Uri};
use actix_web::test::TestRequest;
use actix_web::{Error, HttpResponse};
#[doc(inline)]
pub use cors_core::testing::*;

/// Makes the calls of a page to an app.
///
/// # Examples
///
/// See the [module](self).
pub trait FetchFrom {
    /// Makes the call to an app that `actix_web::test::init_service` has built. The app gets the calls
    /// of all hosts; for several apps use [`Fetch::through`] with [`send`].
    ///
    /// The body of the response is read to its end. A WebSocket is opened and not used.
    ///
    /// # Errors
    ///
    /// The call fails as it does in a browser.
    fn from<S, B>(self, app: &S) -> impl Future<Output = Result<Response, Failure>>
    where
        S: Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error>,
        B: MessageBody;
}

impl FetchFrom for Fetch {
    async fn from<S, B>(self, app: &S) -> Result<Response, Failure>
    where
        S: Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error>,
        B: MessageBody,
    {
        self.through(async |request| send(app, &request).await).await
    }
}

/// Sends one request of the browser to an app.
///
/// # Errors
///
/// The request is none that `http` has a type for, or the body of the app's response fails.
///
/// # Examples
///
/// Two apps, each with a host of its own:
///
/// ```
/// use actix_web::{App, test, web};
/// use cors_actix::testing::{Page, send};
///
/// # #[actix_web::main] async fn main() {
/// let front = App::new().route("/", web::get().to(|| async { "front" }));
/// let front = test::init_service(front).await;
/// let api = test::init_service(App::new()).await;
/// let call = Page::at("https://app.example.com").fetch("/");
/// let seen = call.through(async |request| match request.url().host_str() {
///     Some("app.example.com") => send(&front, &request).await,
///     _ => send(&api, &request).await,
/// });
/// assert_eq!(seen.await.unwrap().text(), "front");
/// # }
/// ```
pub async fn send<S, B>(app: &S, request: &Outgoing) -> Result<Incoming, NoResponse>
where
    S: Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let method = Method::from_bytes(request.method().as_bytes()).map_err(NoResponse::new)?;
    // `TestRequest` panics on what is no URI and no header.
    let target = request.target();
    Uri::try_from(&target).map_err(NoResponse::new)?;
    let mut sent = TestRequest::with_uri(&target).method(method);
    for (name, value) in request.headers().iter_bytes() {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(NoResponse::new)?;
        let value = HeaderValue::from_bytes(&value).map_err(NoResponse::new)?;
        sent = sent.append_header((name, value));
    }
    match app.call(sent.set_payload(request.body().to_vec()).to_request()).await {
        Ok(response) => read(response.into_parts().1).await,
        Err(error) => read(error.error_response()).await,
    }
}

async fn read<B: MessageBody>(response: HttpResponse<B>) -> Result<Incoming, NoResponse> {
    let head = read_head(response.status(), response.headers());
    // What follows is no body.
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        return Ok(head);
    }
    let body = to_bytes(response.into_body()).await;
    let body = body.map_err(|error| NoResponse::new(error.into()))?;
    Ok(head.body(body))
}

fn read_head(status: StatusCode, headers: &HeaderMap) -> Incoming {
    let head = Incoming::new(status.as_u16());
    headers.iter().fold(head, |it, (name, value)| it.header(name.as_str(), value))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

    use super::*;

    #[actix_web::test]
    async fn what_cannot_be_sent_is_a_failure_and_no_panic() {
        let app = actix_web::test::init_service(actix_web::App::new()).await;
        for call in [
            Request::get(format!("/{}", "a".repeat(70_000))),
            Request::get("/").header("x-a", "\u{1}"),
        ] {
            let page = Page::at("https://app.example.com");
            let failure = page.fetch(call).from(&app).await.unwrap_err();
            assert!(failure.to_string().contains("the server sent no response: "), "{failure}");
        }
    }
}
