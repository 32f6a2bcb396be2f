//! Lists of annotated handlers: to register, to print, to check, and for a middleware that must
//! know them.

use std::fmt;

use actix_web::dev::{AppService, HttpServiceFactory};
use cors_core::RouteTable;

use crate::endpoint::{Annotated, Placed, Registered};
use crate::known::Known;

/// Annotated handlers with their paths; made by [`routes!`](crate::routes).
///
/// `App::service` and `Scope::service` take a list as they take a handler. actix itself silently
/// uses the first of two handlers for one method and path; a list refuses them.
///
/// # Panics
///
/// Two handlers for the same method and path are refused when they meet, with the places of
/// both, unless the first has a `guard`. So they are where a list or an annotated handler is
/// registered beside another at the root of an app. In a scope, actix shows no handler which
/// others are there: register a list.
///
/// # Examples
///
/// ```
/// use actix_web::{App, Responder, get, web};
/// use cors_actix::{Routes, cors, routes};
///
/// #[cors(origins = "*")]
/// #[get("/status")]
/// async fn status() -> impl Responder {
///     "fine"
/// }
///
/// fn api() -> Routes {
///     routes![status]
/// }
///
/// println!("{}", api().nest("/api").table());
/// let app = App::new().service(web::scope("/api").service(api()));
/// // The same, where nothing else needs the scope:
/// let app = App::new().service(api().nest("/api"));
/// ```
#[derive(Clone, Default)]
#[must_use = "a list does nothing until `App::service` registers it"]
pub struct Routes {
    routes: Vec<Placed>,
    handlers: Vec<Handler>,
}

/// How a handler is registered, and below which prefix.
#[derive(Clone)]
struct Handler {
    prefix: String,
    register: fn(&str, &mut AppService),
}

impl Routes {
    /// An empty list.
    pub const fn new() -> Self {
        Self { routes: Vec::new(), handlers: Vec::new() }
    }

    /// Adds a handler.
    ///
    /// # Panics
    ///
    /// If the list has a handler for the same method and path; the message names both
    /// places.
    #[track_caller]
    pub fn with<H: Annotated>(mut self, _handler: &H) -> Self {
        for endpoint in H::endpoints() {
            self.push(Placed::new(endpoint.path.to_owned(), endpoint));
        }
        self.handlers
            .push(Handler { prefix: String::new(), register: <H as Registered>::register });
        self
    }

    /// Adds the handlers of another list.
    ///
    /// # Panics
    ///
    /// If both lists have a handler for the same method and path; the message names both
    /// places.
    #[track_caller]
    pub fn merge(mut self, other: Self) -> Self {
        for route in other.routes {
            self.push(route);
        }
        self.handlers.extend(other.handlers);
        self
    }

    /// Puts a prefix in front of every path.
    ///
    /// # Panics
    ///
    /// If `prefix` does not start with a slash.
    #[track_caller]
    pub fn nest(mut self, prefix: &str) -> Self {
        assert!(prefix.starts_with('/'), "the prefix `{prefix}` does not start with a slash");
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        for Placed { route, .. } in &mut self.routes {
            route.path.insert_str(0, prefix);
        }
        for handler in &mut self.handlers {
            handler.prefix.insert_str(0, prefix);
        }
        self
    }

    /// The routes with their policies: to print, to look through, to check.
    #[must_use]
    pub fn table(&self) -> RouteTable {
        self.routes.iter().map(|it| it.route.clone()).collect()
    }

    /// The routes, for a middleware that must know them.
    ///
    /// # Panics
    ///
    /// If guards choose between two of them, which a middleware further out cannot.
    #[track_caller]
    pub(crate) fn known(&self) -> Known {
        for (index, route) in self.routes.iter().enumerate() {
            for earlier in self.routes.iter().take(index) {
                earlier.refuse_rival(route);
            }
        }
        Known::new(self.routes.iter().map(|it| (it.route.path.as_str(), it.endpoint)))
    }

    #[track_caller]
    fn push(&mut self, route: Placed) {
        for earlier in &self.routes {
            earlier.refuse_shadowed(&route);
        }
        self.routes.push(route);
    }
}

impl HttpServiceFactory for Routes {
    fn register(self, config: &mut AppService) {
        for Handler { prefix, register } in self.handlers {
            register(&prefix, config);
        }
    }
}

impl fmt::Debug for Routes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let routes = self.routes.iter().map(|Placed { route, .. }| route);
        f.debug_list().entries(routes.map(|it| (&it.path, it.methods, it.handler))).finish()
    }
}
