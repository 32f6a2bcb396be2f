//! Why a call fails, in terms of the policy.

use super::failure::Reason;
use super::preflight::{PreflightFailure, Question};
use super::request::Credentials;
use super::websocket::HandshakeFailure;
use super::wire::Incoming;
use crate::RouteTable;
use crate::adapter::{Methods, Route, segments};
use crate::protocol::preflight::Served;

/// How an app that explains itself begins the body of a rejection.
const EXPLANATION: &str = "CORS: ";

/// The request, and its response.
pub(super) struct Asked<'a> {
    pub(super) origin: &'a str,
    pub(super) is_redirect_tainted: bool,
    pub(super) question: &'a Question,
    pub(super) path: &'a str,
    pub(super) response: Option<&'a Incoming>,
}

/// The reason, where it has to do with a policy and is known.
pub(super) fn find(
    table: Option<&RouteTable>,
    reason: &Reason,
    asked: &Asked<'_>,
) -> Option<String> {
    let is_about_policy = match reason {
        Reason::Preflight(_) | Reason::Check(_) => true,
        Reason::WebSocket(HandshakeFailure::Status(status)) => *status == 403,
        _ => false,
    };
    if !is_about_policy {
        return None;
    }
    let said = asked.response.and_then(explanation);
    let why = said.or_else(|| table.map(|table| by_routes(table, reason, asked)))?;
    Some(if asked.is_redirect_tainted { format!("{why}{TAINTED}") } else { why })
}

const TAINTED: &str = "; the origin is `null` because a server of another origin than the page's \
                       has redirected the call to a third one";

/// The explanation in the response of an app.
fn explanation(response: &Incoming) -> Option<String> {
    let body = String::from_utf8_lossy(&response.body);
    body.strip_prefix(EXPLANATION).map(|it| it.trim_end().to_owned())
}

fn by_routes(table: &RouteTable, reason: &Reason, asked: &Asked<'_>) -> String {
    let Question { method, .. } = asked.question;
    let Asked { path, .. } = asked;
    let matching: Vec<&Route> = table.iter().filter(|it| is_match(&it.path, path)).collect();
    let serving = matching.iter().filter(|it| it.served.contains(method.as_bytes()));
    // Of several, the one with the most literal path; the framework's routing decides.
    let route = serving.max_by_key(|it| literals(&it.path));
    match route {
        Some(route) => by_policy(route, reason, asked),
        None if matching.is_empty() => format!("no route of the table serves `{method} {path}`"),
        None => {
            let served: Vec<String> = matching.iter().map(|it| it.served.to_string()).collect();
            format!("no route serves `{method} {path}`; there is {}", served.join(" "))
        }
    }
}

fn by_policy(route: &Route, reason: &Reason, asked: &Asked<'_>) -> String {
    let (handler, location) = (route.endpoint.handler(), route.endpoint.location());
    let who = format!("`{handler}` at {location}");
    let Some(policy) = route.endpoint.policy().current() else {
        return if route.endpoint.policy().is_delegated() {
            format!("{who} handles CORS itself")
        } else {
            format!("a function chooses the policy of {who} for each request")
        };
    };
    let Question { method, headers, credentials, .. } = asked.question;
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let served: Served<'_> = match &route.served {
        Methods::All => None,
        Methods::These(methods) => Some(methods),
    };
    let explanation = policy.explain_call(asked.origin, method, &headers, served);
    if !explanation.is_allowed() {
        return format!("{who}: {explanation}");
    }
    if *credentials == Credentials::Include && !policy.allows_credentials() {
        return format!(
            "{who}: the call is made with credentials, and the policy does not allow them; declare \
             `credentials`, or make the call without"
        );
    }
    if matches!(reason, Reason::Preflight(PreflightFailure::PrivateNetwork(_))) {
        return format!("{who}: the policy does not declare `private_network`");
    }
    let status = asked.response.map(|it| it.status);
    let hint = match status {
        Some(401 | 403 | 407) => "; put authentication inside of CORS (`into_app`, `into_scope`)",
        Some(404 | 405) => "; is it registered, under this path?",
        _ => "",
    };
    format!("the policy of {who} allows this call, so something outside answers in its place{hint}")
}

/// How much of a route's path is fixed.
fn literals(path: &str) -> usize {
    segments(path).filter(|it| !it.contains('{')).count()
}

/// Whether a route's path, in either framework's syntax, may match a path. Regular expressions and
/// parts of segments are taken to match.
fn is_match(route: &str, path: &str) -> bool {
    let mut parts = path.split('/');
    let mut route = segments(route).peekable();
    while let Some(segment) = route.next() {
        let is_last = route.peek().is_none();
        let takes_rest = segment.starts_with("{*") || segment.contains(".*}");
        match parts.next() {
            Some(_) if is_last && takes_rest => return true,
            Some(part) if segment.contains('{') && !segment.contains("{{") => {
                if part.is_empty() {
                    return false;
                }
            }
            Some(part) if segment == part => {}
            _ => return false,
        }
    }
    parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_both_frameworks() {
        for (route, path, expected) in [
            ("/users/{id}", "/users/7", true),
            ("/users/{id}", "/users/", false),
            ("/users/{id}", "/users/7/x", false),
            ("/users", "/users", true),
            ("/files/{*rest}", "/files/a/b", true),
            ("/files/{rest:.*}", "/files/a/b", true),
            ("/files/{name:[a-z]+}/raw", "/files/a/raw", true),
            ("/", "/", true),
            ("/a", "/b", false),
        ] {
            assert_eq!(is_match(route, path), expected, "{route} {path}");
        }
    }

    #[test]
    fn the_fixed_path_comes_first() {
        assert!(literals("/users/me") > literals("/users/{id}"));
    }
}
