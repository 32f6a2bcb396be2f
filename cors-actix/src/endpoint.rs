//! A handler with its policy, as the attribute declares it.

use cors_core::{Policy, Site};

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
