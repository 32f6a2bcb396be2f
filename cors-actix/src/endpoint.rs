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

    /// Refuses another that actix would never ask, because this one answers first.
    ///
    /// # Panics
    ///
    /// If it serves the same method at the same path; the message names both places.
    #[track_caller]
    pub(crate) fn refuse_shadowed(&self, path: &str, later: &RoutePolicy) {
        if !self.is_guarded {
            self.describe(path.to_owned()).refuse_conflict(later);
        }
    }

    /// The route, where it lies at this path.
    pub(crate) fn describe(&self, path: String) -> RoutePolicy {
        RoutePolicy {
            path,
            methods: self.served,
            handler: self.handler,
            place: self.place,
            policy: self.policy,
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
