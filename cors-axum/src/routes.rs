//! Lists of annotated handlers, and how they become a router.

use std::convert::Infallible;
use std::fmt;

use axum::Router;
use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::{MethodFilter, MethodRouter, Route};
use cors_core::{RoutePolicy, RouteTable};
use tower_layer::Layer;
use tower_service::Service;

use crate::endpoint::Endpoint;
use crate::known::Known;
use crate::layer::CorsLayer;
use crate::path::Path;

/// Annotated handlers with their paths; made by [`routes!`](crate::routes).
///
/// It becomes a router by [`Router::merge`], or by [`Routes::into_router`]. Handlers of one
/// path may come from different modules and have different policies, as long as they meet
/// in one list: [`Routes::merge`] brings lists together.
///
/// # Panics
///
/// Two handlers for the same method and path are refused when they meet, with the places
/// of both.
///
/// # Examples
///
/// ```
/// use axum::Router;
/// use cors_axum::{cors, routes};
///
/// #[cors(origins = "*")]
/// #[get("/users/{id}")]
/// async fn get_user() -> &'static str {
///     "Ada"
/// }
///
/// mod admin {
///     use cors_axum::cors;
///
///     #[cors(origins = ["https://admin.example.com"], credentials)]
///     #[delete("/users/{id}")]
///     pub async fn delete_user() {}
/// }
///
/// let app: Router = Router::new().merge(routes![get_user].merge(routes![admin::delete_user]));
/// ```
#[must_use = "a list does nothing until it is merged into a router"]
pub struct Routes<S = ()> {
    entries: Vec<Entry<S>>,
}

struct Entry<S> {
    path: String,
    endpoint: Endpoint,
    /// What serves its methods but `OPTIONS`.
    router: Option<MethodRouter<S>>,
    /// What serves `OPTIONS`.
    options: Option<MethodRouter<S>>,
    /// Whether layers of the list stand around those.
    is_layered: bool,
}

impl<S> Entry<S> {
    fn describe(&self) -> RoutePolicy {
        RoutePolicy {
            path: self.path.clone(),
            methods: self.endpoint.methods,
            handler: self.endpoint.handler,
            place: self.endpoint.place,
            policy: self.endpoint.policy,
        }
    }
}

impl<S> Routes<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// An empty list.
    pub const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// A list with one handler: what serves its methods but `OPTIONS`, and what serves that.
    pub(crate) fn one(
        path: &str,
        endpoint: Endpoint,
        router: Option<MethodRouter<S>>,
        options: Option<MethodRouter<S>>,
    ) -> Self {
        let path = path.to_owned();
        Self { entries: vec![Entry { path, endpoint, router, options, is_layered: false }] }
    }

    /// Adds the handlers of another list.
    ///
    /// # Panics
    ///
    /// If both lists serve a method on the same path; the message names both places.
    #[track_caller]
    pub fn merge(mut self, other: Self) -> Self {
        for entry in other.entries {
            self.push(entry);
        }
        self
    }

    /// Puts a prefix in front of every path. Handlers see the whole path in the request's
    /// URI, unlike with [`Router::nest`], which also works.
    ///
    /// # Panics
    ///
    /// If `prefix` does not start with a slash.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_axum::{Routes, cors, routes};
    ///
    /// #[cors(origins = "*")]
    /// #[get("/status")]
    /// async fn status() -> &'static str {
    ///     "fine"
    /// }
    ///
    /// let api: Routes = routes![status].nest("/api");
    /// let app = api.into_router();
    /// ```
    #[track_caller]
    pub fn nest(mut self, prefix: &str) -> Self {
        assert!(prefix.starts_with('/'), "the prefix `{prefix}` does not start with a slash");
        for entry in &mut self.entries {
            entry.path = match (prefix.strip_suffix('/'), entry.path.as_str()) {
                (Some(prefix), path) => format!("{prefix}{path}"),
                (None, "/") => prefix.to_owned(),
                (None, path) => format!("{prefix}{path}"),
            };
        }
        self
    }

    /// Puts a layer between CORS and the handlers: authentication, rate limits,
    /// compression. Preflights never meet it, and what it answers by itself carries the
    /// headers of the handler's policy.
    ///
    /// # Examples
    ///
    /// ```
    /// use axum::extract::Request;
    /// use axum::http::StatusCode;
    /// use axum::middleware::{self, Next};
    /// use axum::response::{IntoResponse, Response};
    /// use cors_axum::{Routes, cors, routes};
    ///
    /// #[cors(origins = ["https://app.example.com"], credentials)]
    /// #[get("/me")]
    /// async fn me() -> &'static str {
    ///     "Ada"
    /// }
    ///
    /// async fn authenticate(request: Request, next: Next) -> Response {
    ///     match request.headers().get("cookie") {
    ///         Some(_) => next.run(request).await,
    ///         None => StatusCode::UNAUTHORIZED.into_response(),
    ///     }
    /// }
    ///
    /// let private: Routes = routes![me].layer(middleware::from_fn(authenticate));
    /// ```
    pub fn layer<L>(self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        // The fallback that this layers too gives way to the one of the path.
        let wrap = |router: MethodRouter<S>| router.layer::<_, Infallible>(layer.clone());
        let entries = self.entries.into_iter().map(|entry| Entry {
            router: entry.router.map(wrap),
            options: entry.options.map(wrap),
            is_layered: true,
            ..entry
        });
        Self { entries: entries.collect() }
    }

    /// The routes with their policies: to print, to look through, to check.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_axum::{Routes, cors, routes};
    ///
    /// #[cors(origins = "*")]
    /// #[get("/status")]
    /// async fn status() -> &'static str {
    ///     "fine"
    /// }
    ///
    /// let api: Routes = routes![status].nest("/api");
    /// println!("{}", api.table());
    /// assert_eq!(api.table().iter().next().unwrap().path, "/api/status");
    /// ```
    #[must_use]
    pub fn table(&self) -> RouteTable {
        self.entries.iter().map(Entry::describe).collect()
    }

    /// The routes, for a layer that must know them.
    pub(crate) fn known(&self) -> Known {
        Known::new(self.entries.iter().map(|entry| (entry.path.as_str(), entry.endpoint)))
    }

    /// A router that serves the list.
    pub fn into_router(self) -> Router<S> {
        self.into_paths().into_iter().fold(Router::new(), |router, path| {
            let (name, methods) = path.into_route();
            router.route(&name, methods)
        })
    }

    /// The handlers, gathered by path.
    fn into_paths(self) -> Vec<Path<S>> {
        let mut paths: Vec<Path<S>> = Vec::new();
        for Entry { path, endpoint, router, options, is_layered } in self.entries {
            // Around the layers of the list; the handler then leaves everything to it.
            let guard = |router: MethodRouter<S>| {
                if is_layered { router.route_layer(CorsLayer::of(endpoint)) } else { router }
            };
            let index = paths.iter().position(|it| it.is(&path));
            let index = index.unwrap_or_else(|| {
                paths.push(Path::new(path));
                paths.len() - 1
            });
            if let Some(path) = paths.get_mut(index) {
                path.add(endpoint, router.map(guard), options.map(guard));
            }
        }
        paths
    }

    #[track_caller]
    fn push(&mut self, entry: Entry<S>) {
        for earlier in &self.entries {
            earlier.describe().refuse_conflict(&entry.describe());
        }
        self.entries.push(entry);
    }
}

impl<S> Default for Routes<S>
where
    S: Clone + Send + Sync + 'static,
{
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for Routes<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self
            .entries
            .iter()
            .map(|entry| (&entry.path, entry.endpoint.methods, entry.endpoint.handler));
        f.debug_list().entries(entries).finish()
    }
}

impl<S> From<Routes<S>> for Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    fn from(routes: Routes<S>) -> Self {
        routes.into_router()
    }
}

/// The methods of one path, for [`Router::route`].
pub(crate) fn into_method_router<S>(routes: Routes<S>) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    let paths = routes.into_paths().into_iter();
    paths.map(Path::into_method_router).next().unwrap_or_default()
}

/// The methods of a handler but `OPTIONS`, and that one.
pub(crate) fn filters(endpoint: &Endpoint) -> (Option<MethodFilter>, Option<MethodFilter>) {
    let (options, others): (Vec<&str>, Vec<&str>) =
        endpoint.methods.iter().partition(|method| **method == "OPTIONS");
    (filter(&others), filter(&options))
}

/// The macro lets only methods through that axum can route.
fn filter(methods: &[&str]) -> Option<MethodFilter> {
    let filters = methods.iter().filter_map(|method| {
        Some(match *method {
            "CONNECT" => MethodFilter::CONNECT,
            "DELETE" => MethodFilter::DELETE,
            "GET" => MethodFilter::GET,
            "HEAD" => MethodFilter::HEAD,
            "OPTIONS" => MethodFilter::OPTIONS,
            "PATCH" => MethodFilter::PATCH,
            "POST" => MethodFilter::POST,
            "PUT" => MethodFilter::PUT,
            "TRACE" => MethodFilter::TRACE,
            _ => return None,
        })
    });
    filters.reduce(MethodFilter::or)
}
