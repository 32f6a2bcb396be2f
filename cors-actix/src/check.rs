//! The self-check of a built app.

use actix_http::Request;
use actix_web::Error;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, ORIGIN};
use actix_web::test::TestRequest;
use cors_core::{CheckError, ProbeAnswer, RouteTable};

/// Sends synthetic preflights through an app, and finds the routes whose policies do not
/// come through: a middleware outside answers them, or a redirect does, a handler was
/// never registered. Made for tests: one line of yours watches every route.
///
/// # Errors
///
/// The routes and methods whose responses differ from their policies, each with what
/// came back and what is probably in the way.
///
/// # Examples
///
/// ```
/// use actix_web::{App, Responder, get, test, web};
/// use cors_actix::{check, cors, routes};
///
/// #[cors(origins = ["https://app.example.com"])]
/// #[get("/users/{id}")]
/// async fn user() -> impl Responder {
///     "Ada"
/// }
///
/// # #[actix_web::main] async fn main() -> Result<(), cors_actix::CheckError> {
/// let table = routes![user].nest("/api").table();
/// let app = test::init_service(App::new().service(routes![user].into_scope("/api", |it| it))).await;
/// check(&app, &table).await?;
///
/// let forgotten = test::init_service(App::new()).await;
/// assert!(check(&forgotten, &table).await.is_err());
/// # Ok(()) }
/// ```
pub async fn check<S, B>(app: &S, table: &RouteTable) -> Result<(), CheckError>
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
{
    let mut findings = Vec::new();
    for probe in table.probes() {
        let request = TestRequest::with_uri(&probe.path)
            .method(Method::OPTIONS)
            .insert_header((ORIGIN, probe.origin.as_str()))
            .insert_header((ACCESS_CONTROL_REQUEST_METHOD, probe.method))
            .to_request();
        let answer = match app.call(request).await {
            Ok(answer) => read(answer.status().as_u16(), answer.headers()),
            Err(error) => {
                let answer = error.error_response();
                read(answer.status().as_u16(), answer.headers())
            }
        };
        findings.extend(probe.judge(&answer));
    }
    CheckError::from_findings(findings)
}

fn read(status: u16, headers: &HeaderMap) -> ProbeAnswer {
    ProbeAnswer::read(status, |name| {
        headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    })
}
