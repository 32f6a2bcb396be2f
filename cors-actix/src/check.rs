//! The self-check of a built app.

use actix_http::Request;
use actix_web::Error;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, ORIGIN};
use actix_web::test::TestRequest;
use cors_core::{CheckError, ProbeAnswer, RouteTable};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

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
    for probe in table.probes_with(sample) {
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

/// A text that an expression matches, of characters that need no escape in a path.
fn sample(expression: &str) -> Option<String> {
    let mut parser = ParserBuilder::new().unicode(false).utf8(false).build();
    let mut text = String::new();
    write_sample(&parser.parse(expression).ok()?, &mut text)?;
    Some(text)
}

fn write_sample(expression: &Hir, text: &mut String) -> Option<()> {
    match expression.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => {
            let has = |byte: u8| match class {
                Class::Bytes(class) => {
                    class.iter().any(|it| (it.start()..=it.end()).contains(&byte))
                }
                Class::Unicode(class) => {
                    class.iter().any(|it| (it.start()..=it.end()).contains(&char::from(byte)))
                }
            };
            let usual = (b'1'..=b'9').chain(b'a'..=b'z').chain(b'A'..=b'Z');
            let byte = usual.chain(*b"0-._~").find(|byte| has(*byte))?;
            text.push(char::from(byte));
        }
        HirKind::Repetition(Repetition { min, max, sub, .. }) => {
            // Once where it may be left out: a parameter without a text is unusual.
            let count = if *max == Some(0) { 0 } else { (*min).max(1) };
            for _ in 0..count {
                write_sample(sub, text)?;
                if text.len() > LONGEST_SAMPLE {
                    return None;
                }
            }
        }
        HirKind::Capture(capture) => write_sample(&capture.sub, text)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|it| write_sample(it, text))?,
        HirKind::Alternation(parts) => write_sample(parts.first()?, text)?,
    }
    Some(())
}

/// A longer text is no part of a path that people send.
const LONGEST_SAMPLE: usize = 4096;

fn read(status: u16, headers: &HeaderMap) -> ProbeAnswer {
    ProbeAnswer::read(status, |name| {
        headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    })
}
