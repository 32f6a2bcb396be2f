//! A handler with its policy, as the attribute declares it.

use actix_web::dev::AppService;
use cors_core::{Policy, RoutePolicy, Site};

/// What the attribute knows of one route of a handler.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    /// The handler's path in the program.
    pub handler: &'static str,
    /// File and line of the attribute.
    pub place: &'static str,
    /// The path of the route attribute.
    pub path: &'static str,
    /// The methods that actix answers with this handler there.
    pub served: &'static [&'static str],
    /// Whether a `guard` chooses which requests it answers.
    pub is_guarded: bool,
    /// The policy.
    pub policy: &'static Policy,
}

impl Endpoint {
    pub(crate) fn site(&self) -> Site<'static> {
        Site { handler: Some(self.handler), served: Some(self.served) }
    }
}

/// A route of a handler, where it lies in an app or in a list.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    pub(crate) route: RoutePolicy,
    pub(crate) endpoint: &'static Endpoint,
}

impl Placed {
    pub(crate) fn new(path: String, endpoint: &'static Endpoint) -> Self {
        let Endpoint { handler, place, served, policy, .. } = *endpoint;
        Self { route: RoutePolicy { path, methods: served, handler, place, policy }, endpoint }
    }

    /// Refuses a route that actix would never ask, because it asks this one first.
    ///
    /// # Panics
    ///
    /// If both serve a method at one path and no guard keeps this one from answering; the
    /// message names both places.
    #[track_caller]
    pub(crate) fn refuse_shadowed(&self, later: &Self) {
        if !self.endpoint.is_guarded {
            self.refuse_rival(later);
        }
    }

    /// Refuses a route that answers the same requests, by whatever guards choose.
    ///
    /// # Panics
    ///
    /// If both serve a method at one path; the message names both places.
    #[track_caller]
    pub(crate) fn refuse_rival(&self, later: &Self) {
        // Two names for one parameter are no conflict where the methods differ.
        if self.route.shared_method(&later.route).is_some() {
            self.route.refuse_conflict(&later.route);
        }
    }
}

/// A handler that stands below `#[cors(...)]`.
#[diagnostic::on_unimplemented(
    message = "a handler without a policy",
    label = "no `#[cors(...)]` stands above this handler",
    note = "write `#[cors(origins = [...])]` above its route attribute, or register it with \
            `App::service`, without CORS"
)]
pub trait Annotated: Registered {
    /// What the attribute knows of its routes.
    fn endpoints() -> &'static [Endpoint];
}

/// A handler that can be registered with a prefix.
pub trait Registered {
    /// Registers it.
    fn register(prefix: &str, config: &mut AppService);
}
