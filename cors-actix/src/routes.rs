//! Lists of annotated handlers: to print, to check, and for a middleware that must know
//! them. Registering them stays `App::service`.

use cors_core::{RoutePolicy, RouteTable};

use crate::endpoint::{Annotated, Endpoint};
use crate::known::Known;

/// Annotated handlers with their paths; made by [`routes!`](crate::routes).
///
/// # Examples
///
/// ```
/// use actix_web::{Responder, get};
/// use cors_actix::{cors, routes};
///
/// #[cors(origins = "*")]
/// #[get("/status")]
/// async fn status() -> impl Responder {
///     "fine"
/// }
///
/// println!("{}", routes![status].nest("/api").table());
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "a list registers nothing; pass the handlers to `App::service`"]
pub struct Routes {
    entries: Vec<(String, &'static Endpoint)>,
}

impl Routes {
    /// An empty list.
    pub const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// Adds a handler.
    ///
    /// # Panics
    ///
    /// If the list has a handler for the same method and path; the message names both
    /// places. (actix itself would silently use the one that was registered first.)
    #[track_caller]
    pub fn with<H: Annotated>(mut self, _handler: &H) -> Self {
        let endpoint = H::endpoint();
        for path in endpoint.paths {
            self.push(((*path).to_owned(), endpoint));
        }
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
        for entry in other.entries {
            self.push(entry);
        }
        self
    }

    /// Puts the prefix of a scope in front of every path.
    ///
    /// # Panics
    ///
    /// If `prefix` does not start with a slash.
    #[track_caller]
    pub fn nest(mut self, prefix: &str) -> Self {
        assert!(prefix.starts_with('/'), "the prefix `{prefix}` does not start with a slash");
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        for (path, _) in &mut self.entries {
            path.insert_str(0, prefix);
        }
        self
    }

    /// The routes with their policies: to print, to look through, to check.
    #[must_use]
    pub fn table(&self) -> RouteTable {
        self.entries.iter().map(describe).collect()
    }

    /// The routes, for a middleware that must know them.
    pub(crate) fn known(&self) -> Known {
        Known::new(self.entries.iter().map(|(path, endpoint)| (path.as_str(), *endpoint)))
    }

    #[track_caller]
    fn push(&mut self, entry: (String, &'static Endpoint)) {
        for earlier in &self.entries {
            describe(earlier).refuse_conflict(&describe(&entry));
        }
        self.entries.push(entry);
    }
}

fn describe((path, endpoint): &(String, &'static Endpoint)) -> RoutePolicy {
    RoutePolicy {
        path: path.clone(),
        methods: endpoint.served,
        handler: endpoint.handler,
        place: endpoint.place,
        policy: endpoint.policy,
    }
}
