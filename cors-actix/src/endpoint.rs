//! A handler with its policy, as the attribute declares it.

use actix_web::guard::GuardContext;
use cors_core::{Policy, RequestHead, RequestHeader, Site, is_preflight};

use crate::head::Head;
use crate::middleware::Cors;

/// What the attribute knows of a handler.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    /// The handler's path in the program.
    pub handler: &'static str,
    /// File and line of the attribute.
    pub place: &'static str,
    /// The paths of its route attributes.
    pub paths: &'static [&'static str],
    /// The methods that actix answers with this handler.
    pub served: &'static [&'static str],
    /// The policy.
    pub policy: &'static Policy,
}

impl Endpoint {
    pub(crate) fn site(&self) -> Site<'static> {
        Site { handler: Some(self.handler), served: Some(self.served) }
    }
}

/// A handler that stands below `#[cors(...)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler below `#[cors(...)]`",
    note = "write `#[cors(origins = [...])]` above its route attribute"
)]
pub trait Annotated {
    /// What the attribute knows of it.
    fn endpoint() -> &'static Endpoint;
}

/// The middleware of a handler.
#[must_use]
pub fn annotation(endpoint: &'static Endpoint) -> Cors {
    Cors::of(endpoint)
}

/// Whether a request is for a handler: its own methods, and preflights for them. So a path
/// that several handlers serve sends each preflight to the policy of its method.
#[must_use]
pub fn admits(endpoint: &Endpoint, context: &GuardContext<'_>) -> bool {
    let head = Head::of(context.head());
    if is_preflight(&head) { asks_for(endpoint, &head) } else { serves(endpoint, head.method()) }
}

/// Whether a request is a preflight for one of a handler's methods.
#[must_use]
pub fn is_preflight_for(endpoint: &Endpoint, context: &GuardContext<'_>) -> bool {
    let head = Head::of(context.head());
    is_preflight(&head) && asks_for(endpoint, &head)
}

/// A method in the wrong case is refused by the handler that it was meant for, which can
/// say why.
fn asks_for(endpoint: &Endpoint, head: &Head<'_>) -> bool {
    let asked = head.lines(RequestHeader::AccessControlRequestMethod).next();
    asked.is_some_and(|asked| {
        endpoint.served.iter().any(|it| it.as_bytes().eq_ignore_ascii_case(asked.as_bytes()))
    })
}

fn serves(endpoint: &Endpoint, method: &str) -> bool {
    endpoint.served.contains(&method)
}
