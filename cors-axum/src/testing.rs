//! A browser for tests: make the calls of a page to a built app, in your tests, and see what the page
//! would see.
//!
//! ```
//! use axum::Router;
//! use cors_axum::testing::{FetchFrom, Page, Request};
//! use cors_axum::{Routes, cors, routes};
//!
//! #[cors(origins = ["https://app.example.com"], credentials)]
//! #[put("/users/{id}")]
//! async fn update_user(body: String) -> String {
//!     body
//! }
//!
//! fn api() -> Routes {
//!     routes![update_user]
//! }
//!
//! # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
//! # runtime.block_on(async {
//! let app: Router = api().into_app(|router| router);
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
//! # });
//! ```

use std::fmt::Display;

use axum::body::{Body, HttpBody, to_bytes};
use axum::{BoxError, body::Bytes};
#[doc(inline)]
pub use cors_core::testing::*;
use http::header::UPGRADE;
use tower_service::Service;

/// Makes the calls of a page to an app.
///
/// # Examples
///
/// See the [module](self).
pub trait FetchFrom {
    /// Makes the call to an app: a `Router`, or any other service. The app gets the calls of all
    /// hosts; for several apps use [`Fetch::through`] with [`send`].
    ///
    /// The body of the response is read to its end. A WebSocket is opened and not used.
    ///
    /// # Errors
    ///
    /// The call fails as it does in a browser; also if the app itself fails.
    fn from<S, B>(self, app: &S) -> impl Future<Output = Result<Response, Failure>>
    where
        S: Service<http::Request<Body>, Response = http::Response<B>, Error: Display> + Clone,
        B: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static;
}

impl FetchFrom for Fetch {
    async fn from<S, B>(self, app: &S) -> Result<Response, Failure>
    where
        S: Service<http::Request<Body>, Response = http::Response<B>, Error: Display> + Clone,
        B: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        self.through(async |request| send(app, &request).await).await
    }
}

/// Sends one request of the browser to an app.
///
/// # Errors
///
/// The request is none that `http` has a type for, or the app fails, or the body of its response
/// does.
///
/// # Examples
///
/// Two apps, each with a host of its own:
///
/// ```
/// use axum::{Router, routing::get};
/// use cors_axum::testing::{Page, send};
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
/// # runtime.block_on(async {
/// let front: Router = Router::new().route("/", get(|| async { "front" }));
/// let api: Router = Router::new();
/// let call = Page::at("https://app.example.com").fetch("/");
/// let seen = call.through(async |request| match request.url().host_str() {
///     Some("app.example.com") => send(&front, &request).await,
///     _ => send(&api, &request).await,
/// });
/// assert_eq!(seen.await.unwrap().text(), "front");
/// # });
/// ```
pub async fn send<S, B>(app: &S, request: &Outgoing) -> Result<Incoming, NoResponse>
where
    S: Service<http::Request<Body>, Response = http::Response<B>, Error: Display> + Clone,
    B: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    let mut request = http::Request::try_from(request).map_err(NoResponse::new)?.map(Body::from);
    if request.headers().contains_key(UPGRADE) {
        // A connection that never comes, so that the app can answer the handshake.
        let upgrade = hyper::upgrade::on(&mut request);
        request.extensions_mut().insert(upgrade);
    }
    let mut app = app.clone();
    std::future::poll_fn(|context| app.poll_ready(context)).await.map_err(NoResponse::new)?;
    let (head, body) = app.call(request).await.map_err(NoResponse::new)?.into_parts();
    let body = to_bytes(Body::new(body), usize::MAX).await.map_err(NoResponse::new)?;
    Ok(http::Response::from_parts(head, body.to_vec()).into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

    use super::*;

    #[tokio::test]
    async fn what_cannot_be_sent_is_a_failure_and_no_panic() {
        let app = axum::Router::<()>::new();
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
