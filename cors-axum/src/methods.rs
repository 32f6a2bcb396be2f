//! The handlers of one path that is named elsewhere.

use std::fmt;
use std::sync::Arc;

use axum::handler::Handler;
use axum::routing::MethodRouter;
use cors_core::adapter::{Matching, RouteList};

use crate::path::{self, Unserved};
use crate::routes::{Make, Routes, Served};

/// Annotated handlers of one path; made by [`methods!`](crate::methods).
///
/// [`Routes::route`] gives them their path. [`MethodRouter::from`] makes a router of them, for
/// [`Router::route`](axum::Router::route).
///
/// # Examples
///
/// ```
/// use axum::Router;
/// use axum::http::StatusCode;
/// use cors_axum::{Routes, cors, methods};
///
/// #[cors(origins = ["https://app.example.com"])]
/// #[get]
/// async fn list() -> &'static str { "[]" }
///
/// // The response of the fallback carries the headers too.
/// let users = methods![list].fallback(|| async { StatusCode::METHOD_NOT_ALLOWED });
/// let app: Router = Routes::new().route("/users", users).into_app(|router| router);
/// ```
#[must_use = "methods do nothing until they get a path"]
pub struct Methods<S = ()> {
    pub(crate) list: RouteList<Served<S>>,
    pub(crate) fallback: Option<Make<S, ()>>,
}

impl<S> Methods<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// The handlers of a list, whatever their paths.
    #[track_caller]
    pub(crate) fn of(routes: Routes<S>) -> Self {
        let mut list = RouteList::new(Matching::PathFirst);
        for (mut route, handler) in routes.into_list() {
            route.path.clear();
            list.push(route, handler);
        }
        Self { list, fallback: None }
    }

    /// Adds a handler for the methods that no other handler serves. Its responses carry what all
    /// policies of the path agree on, and it does not run for requests that each of them rejects.
    pub fn fallback<H, T>(self, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        let make: Make<S, ()> = Arc::new(move |()| MethodRouter::new().fallback(handler.clone()));
        Self { fallback: Some(make), ..self }
    }
}

impl<S> From<Methods<S>> for MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Panics if origins come from the environment, and cannot be loaded.
    fn from(methods: Methods<S>) -> Self {
        let Methods { list, fallback } = methods;
        list.load_or_panic();
        let entries: Vec<_> = list.into_iter().collect();
        path::method_router(&entries, fallback, Unserved::Ours, false)
    }
}

impl<S> fmt::Debug for Methods<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.list.fmt(f)
    }
}
