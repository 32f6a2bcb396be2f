//! What a gateway cannot express.

use std::error::Error;
use std::fmt;

use crate::adapter::table::Route;

/// Why a gateway cannot be given the policy of a route: without it, a page could do what the program
/// does not let it do, or a request would run that the program rejects.
///
/// # Examples
///
/// See [`GatewayErrors`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unsayable {
    /// The policy is chosen for each request, by this function.
    Selected {
        /// The function.
        by: String,
    },
    /// Something else than the path and the method chooses the handler.
    Guarded,
    /// The path has a parameter that only the framework can match.
    Path,
    /// Another path matches some of the same requests, and the frameworks differ in which of the two
    /// answers them.
    Ambiguous {
        /// The other path.
        other: String,
    },
    /// Another path matches some of the same requests, and which of the two is meant depends on the
    /// method.
    Overlapping {
        /// The other path.
        other: String,
    },
    /// A list of names, or the path, is longer than what a gateway reads.
    TooLong,
    /// Requests of origins that are not allowed are rejected, and the target has no means for that.
    Enforce,
}

/// A route whose policy a gateway cannot be given.
///
/// # Examples
///
/// See [`GatewayErrors`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayError {
    path: String,
    methods: String,
    handler: String,
    why: Unsayable,
}

impl GatewayError {
    pub(super) fn of(route: &Route, why: Unsayable) -> Self {
        let (path, methods) = (route.path.clone(), route.methods.to_string());
        Self { path, methods, handler: route.endpoint.handler().to_owned(), why }
    }

    /// The path of the route.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Why its policy cannot be expressed.
    #[must_use]
    pub const fn why(&self) -> &Unsayable {
        &self.why
    }
}

impl fmt::Display for GatewayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, methods, handler, why } = self;
        write!(f, "`{methods} {path}` (`{handler}`): ")?;
        match why {
            Unsayable::Selected { by } => write!(
                f,
                "`{by}` chooses the policy of each request, which a gateway cannot call\nhelp: take \
                 the route out of the table, and leave its CORS to the program"
            ),
            Unsayable::Guarded => f.write_str(
                "a guard chooses its handler, which a gateway cannot ask\nhelp: take the route out \
                 of the table, and leave its CORS to the program",
            ),
            Unsayable::Path => f.write_str(
                "only the framework can match this path\nhelp: use parameters that are a whole \
                 segment, or the rest of the path",
            ),
            Unsayable::Ambiguous { other } => write!(
                f,
                "`{other}` is registered later, matches some of the same requests, and is the one \
                 that axum would choose\nhelp: register the more specific path first"
            ),
            Unsayable::Overlapping { other } => write!(
                f,
                "`{other}` matches some of the same requests, and the program goes by the order of \
                 the routes and their methods, which a gateway cannot follow there\nhelp: register the \
                 routes of `{path}` before those of `{other}`, and serve the same methods, or take \
                 both out of the table, and leave their CORS to the program"
            ),
            Unsayable::TooLong => f.write_str(
                "its path, its methods or a list of its headers is longer than what a gateway \
                 reads\nhelp: take the route out of the table, and leave its CORS to the program",
            ),
            Unsayable::Enforce => f.write_str(
                "the policy rejects requests of origins that are not allowed (`enforce`), and this \
                 target forwards them\nhelp: use NGINX or HAProxy, or leave the CORS of the route to \
                 the program",
            ),
        }
    }
}

/// All routes whose policies a gateway cannot be given.
///
/// # Examples
///
/// ```
/// use cors_core::adapter::{Endpoint, EndpointId, Methods, Route};
/// use cors_core::gateway::{Unsayable, envoy};
/// use cors_core::{Policy, RouteTable};
///
/// let policy = Policy::builder().origins(["https://app.example.com"]).enforce().build()?;
/// let table: RouteTable = [Route::new(
///     "/live",
///     Methods::of(&["GET"]),
///     EndpointId::unique(),
///     Endpoint::new("app::live", "src/app.rs:12", policy),
/// )]
/// .into_iter()
/// .collect();
/// let errors = envoy(&table, "app").unwrap_err();
/// assert_eq!(errors.iter().next().unwrap().why(), &Unsayable::Enforce);
/// # Ok::<(), cors_core::Violations>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayErrors(Vec<GatewayError>);

impl GatewayErrors {
    pub(super) fn check(errors: Vec<GatewayError>) -> Result<(), Self> {
        if errors.is_empty() { Ok(()) } else { Err(Self(errors)) }
    }

    /// All of them, in the order of the routes.
    pub fn iter(&self) -> std::slice::Iter<'_, GatewayError> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a GatewayErrors {
    type Item = &'a GatewayError;
    type IntoIter = std::slice::Iter<'a, GatewayError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for GatewayErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let many = self.0.len();
        let policies = if many == 1 { "policy" } else { "policies" };
        write!(f, "{many} {policies} cannot be said at the gateway:")?;
        self.0.iter().try_for_each(|error| write!(f, "\n\n{error}"))
    }
}

impl Error for GatewayErrors {}
