//! The self-check of a built app.

use axum::body::Body;
use cors_core::{CheckError, ProbeAnswer, RouteTable};
use http::header::{ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
use http::{Method, Request, Response};
use tower_service::Service;

/// Sends synthetic preflights through an app, and finds the routes whose policies do not
/// come through: a layer outside answers them, or a redirect does, a handler was never
/// registered. Made for tests: one line of yours watches every route.
///
/// # Errors
///
/// The routes and methods whose responses differ from their policies, each with what
/// came back and what is probably in the way; also if the app itself fails.
///
/// # Examples
///
/// ```
/// use axum::Router;
/// use cors_axum::{Routes, check, cors, routes};
///
/// #[cors(origins = ["https://app.example.com"])]
/// #[get("/users/{id}")]
/// async fn user() -> &'static str {
///     "Ada"
/// }
///
/// fn api() -> Routes {
///     routes![user].nest("/api")
/// }
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let app: Router = api().into_app(|router| router);
/// check(app, &api().table()).await?;
///
/// let forgotten: Router = Router::new();
/// assert!(check(forgotten, &api().table()).await.is_err());
/// # Ok::<(), cors_axum::CheckError>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub async fn check<S, B>(app: S, table: &RouteTable) -> Result<(), CheckError>
where
    S: Service<Request<Body>, Response = Response<B>> + Clone,
{
    let mut findings = Vec::new();
    for probe in table.probes() {
        let request = Request::builder()
            .method(Method::OPTIONS)
            .uri(&probe.path)
            .header(ORIGIN, &probe.origin)
            .header(ACCESS_CONTROL_REQUEST_METHOD, probe.method)
            .body(Body::empty());
        let Ok(request) = request else {
            findings.push(format!("{} {}: the path is no URI", probe.method, probe.path));
            continue;
        };
        let mut app = app.clone();
        let ready = std::future::poll_fn(|context| app.poll_ready(context)).await;
        let answer = match ready {
            Ok(()) => app.call(request).await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(answer) => findings.extend(probe.judge(&read(&answer))),
            Err(_) => findings.push(format!("{} {}: the app failed", probe.method, probe.path)),
        }
    }
    CheckError::from_findings(findings)
}

fn read<B>(answer: &Response<B>) -> ProbeAnswer {
    ProbeAnswer::read(answer.status().as_u16(), |name| {
        let value = answer.headers().get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    })
}
