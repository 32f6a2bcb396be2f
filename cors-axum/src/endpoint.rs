//! A handler with its policy, as the attribute declares it.

use std::marker::PhantomData;

use cors_core::{Policy, Site};

/// What the attribute knows of a handler.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    /// The handler's path in the program.
    pub handler: &'static str,
    /// File and line of the attribute.
    pub place: &'static str,
    /// The methods that the route attribute declares.
    pub methods: &'static [&'static str],
    /// The methods that axum answers with this handler.
    pub served: &'static [&'static str],
    /// The policy.
    pub policy: &'static Policy,
}

impl Endpoint {
    #[inline]
    pub(crate) fn site(&self) -> Site<'static> {
        Site { handler: Some(self.handler), served: Some(self.served) }
    }
}

/// A handler that stands below `#[cors(...)]`.
#[diagnostic::on_unimplemented(
    message = "a handler without a policy",
    label = "no `#[cors(...)]` stands above this handler",
    note = "write `#[cors(origins = [...])]` and a route attribute such as `#[get(\"/path\")]` \
            above it, or register it with `Router::route`, without CORS"
)]
pub trait Annotated {
    /// What the attribute knows of it.
    fn endpoint() -> &'static Endpoint;

    /// The type as a value, for a function to infer it from.
    #[must_use]
    fn companion() -> PhantomData<fn() -> Self>
    where
        Self: Sized,
    {
        PhantomData
    }
}

/// A handler whose route attribute names a path.
#[diagnostic::on_unimplemented(
    message = "the route attribute of `{Self}` names no path",
    note = "write the path into the route attribute, as in `#[get(\"/users\")]`, or use \
            `Router::route(\"/users\", methods![...])`"
)]
pub trait Routed {
    /// The path.
    const PATH: &'static str;
}
