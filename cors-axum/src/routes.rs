//! Lists of handlers with their policies, and how they become a router.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::response::IntoResponse;
use axum::routing::{
    MethodFilter, MethodRouter, Route as AxumRoute, any, any_service, on, on_service,
};
use cors_core::__private::{Annotation, Mounted};
use cors_core::adapter::{
    Endpoint, EndpointId, Matching, Methods as RouteMethods, Route, RouteList, nested_path,
};
use cors_core::{PolicyRef, RouteTable};
use tower_layer::Layer;
use tower_service::Service;

use crate::handler::{Function, Guarded, MakeRoute};
use crate::layer::CorsLayer;
use crate::methods::Methods;
use crate::path::{self, Unserved};

/// Handlers with their policies and paths: annotated ones by [`routes!`](crate::routes), any others
/// by [`Routes::get`] and its kind.
///
/// [`Routes::into_app`] makes the app of it, with CORS outside of everything that is put around the
/// routes. Handlers of one path may come from different modules and have different policies, as
/// long as they meet in one list: [`Routes::merge`] brings lists together.
///
/// # Panics
///
/// Registering a method twice on a path panics at start-up and names both locations.
///
/// # Examples
///
/// ```
/// use axum::Router;
/// use axum::routing::get;
/// use cors_axum::{Routes, cors, policy, routes};
///
/// policy! { static PUBLIC = { origins = "*" } }
///
/// #[cors(origins = ["https://app.example.com"], credentials)]
/// #[get("/me")]
/// async fn me() -> &'static str {
///     "Ada"
/// }
///
/// mod admin {
///     use cors_axum::cors;
///
///     #[cors(origins = ["https://admin.example.com"], credentials)]
///     #[delete("/me")]
///     pub async fn delete_me() {}
/// }
///
/// let app: Router = routes![me, admin::delete_me]
///     .get("/version", || async { "1.0" }, &PUBLIC) // what cannot carry an attribute
///     .into_app(|router| router.route("/health", get(|| async { "fine" })));
/// ```
#[must_use = "a list does nothing until it becomes an app or a router"]
pub struct Routes<S = ()> {
    list: RouteList<Served<S>>,
    /// What answers the methods of a path that no handler serves, by path.
    fallbacks: Vec<(String, Make<S, ()>)>,
}

/// Makes the router of a handler: for the methods of a filter, or, for `()`, for all that no handler
/// is registered for.
pub(crate) type Make<S, For> = Arc<dyn Fn(For) -> MethodRouter<S> + Send + Sync>;

/// The handler of a route.
pub(crate) struct Served<S> {
    pub(crate) make: Make<S, MethodFilter>,
    /// The same handler for the methods that no filter names, if it serves all methods.
    pub(crate) make_rest: Option<Make<S, ()>>,
    pub(crate) guard: Guard,
}

/// Where the policy of a handler is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guard {
    /// Right around it.
    Inside,
    /// In a layer, around the layers of the list.
    Layer,
}

impl<S> Routes<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// An empty list.
    pub const fn new() -> Self {
        Self { list: RouteList::new(Matching::PathFirst), fallbacks: Vec::new() }
    }

    /// Adds an annotated handler.
    #[track_caller]
    pub(crate) fn add_annotated<F>(&mut self, handler: Guarded<F>)
    where
        F: Function<S> + Clone + 'static,
    {
        self.mount(handler.0.annotation(), handler.0.id(), Box::new(handler));
    }

    /// Not generic over the handler, because what is generic is compiled for each.
    #[track_caller]
    fn mount(
        &mut self,
        Annotation { routes, endpoint }: &'static Annotation,
        id: EndpointId,
        handler: Box<dyn MakeRoute<S>>,
    ) {
        let make: Make<S, MethodFilter> = Arc::new(move |filter| handler.route(filter));
        for Mounted { path, methods, .. } in routes {
            let route = Route::new(*path, RouteMethods::of(methods), id, endpoint.clone());
            let make = Arc::clone(&make);
            self.list.push(route, Served { make, make_rest: None, guard: Guard::Inside });
        }
    }

    pub(crate) fn into_list(self) -> RouteList<Served<S>> {
        self.list
    }

    /// Adds the handlers of another list.
    ///
    /// # Panics
    ///
    /// If both lists serve a method on the same path; the message names both locations. Also if both
    /// have a fallback for the same path, or both a default policy.
    #[track_caller]
    pub fn merge(mut self, other: Self) -> Self {
        self.list.merge(other.list);
        for (path, make) in other.fallbacks {
            self.push_fallback(path, make);
        }
        self
    }

    /// Adds a handler that cannot carry an attribute, for these methods: a closure, a generic or
    /// associated function.
    ///
    /// # Panics
    ///
    /// If another handler of the list serves one of the methods on the same path; the message names
    /// both locations.
    ///
    /// # Examples
    ///
    /// ```
    /// use axum::routing::MethodFilter;
    /// use cors_axum::{Routes, policy};
    ///
    /// policy! { static PUBLIC = { origins = "*" } }
    ///
    /// struct App;
    /// impl App {
    ///     async fn home() -> &'static str { "home" }
    /// }
    ///
    /// let routes: Routes =
    ///     Routes::new().on(MethodFilter::GET.or(MethodFilter::POST), "/", App::home, &PUBLIC);
    /// ```
    #[track_caller]
    pub fn on<H, T>(
        self,
        methods: MethodFilter,
        path: &str,
        handler: H,
        policy: impl Into<PolicyRef>,
    ) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        let make = Arc::new(move |filter| on(filter, handler.clone()));
        self.add(names(methods), path, Endpoint::registered::<H>(policy), make, None)
    }

    /// Adds a handler for all methods.
    ///
    /// # Panics
    ///
    /// If another handler of the list has the same path; the message names both locations.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_axum::{Routes, policy};
    ///
    /// policy! { static PUBLIC = { origins = "*" } }
    /// let routes: Routes = Routes::new().any("/echo", |body: String| async { body }, &PUBLIC);
    /// ```
    #[track_caller]
    pub fn any<H, T>(self, path: &str, handler: H, policy: impl Into<PolicyRef>) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        let rest = handler.clone();
        let rest: Make<S, ()> = Arc::new(move |()| any(rest.clone()));
        let make = Arc::new(move |filter| on(filter, handler.clone()));
        self.add(RouteMethods::All, path, Endpoint::registered::<H>(policy), make, Some(rest))
    }

    /// Adds a service for these methods.
    ///
    /// # Panics
    ///
    /// If another handler of the list serves one of the methods on the same path; the message names
    /// both locations.
    ///
    /// # Examples
    ///
    /// ```
    /// use axum::{body::Body, extract::Request, response::Response, routing::MethodFilter};
    /// use cors_axum::{Routes, policy};
    ///
    /// policy! { static PUBLIC = { origins = "*" } }
    /// let service = tower::service_fn(|_: Request| async {
    ///     Ok::<_, std::convert::Infallible>(Response::new(Body::from("hello")))
    /// });
    /// let routes: Routes = Routes::new().on_service(MethodFilter::POST, "/rpc", service, &PUBLIC);
    /// ```
    #[track_caller]
    pub fn on_service<V>(
        self,
        methods: MethodFilter,
        path: &str,
        service: V,
        policy: impl Into<PolicyRef>,
    ) -> Self
    where
        V: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        V::Response: IntoResponse + 'static,
        V::Future: Send + 'static,
    {
        let make = Arc::new(move |filter| on_service(filter, service.clone()));
        self.add(names(methods), path, Endpoint::registered::<V>(policy), make, None)
    }

    /// Adds a service for all methods.
    ///
    /// # Panics
    ///
    /// If another handler of the list has the same path; the message names both locations.
    ///
    /// # Examples
    ///
    /// ```
    /// use axum::{body::Body, extract::Request, response::Response};
    /// use cors_axum::{Routes, policy};
    ///
    /// policy! { static PUBLIC = { origins = "*" } }
    /// let files = tower::service_fn(|_: Request| async {
    ///     Ok::<_, std::convert::Infallible>(Response::new(Body::from("hello")))
    /// });
    /// let routes: Routes = Routes::new().any_service("/files/{*path}", files, &PUBLIC);
    /// ```
    #[track_caller]
    pub fn any_service<V>(self, path: &str, service: V, policy: impl Into<PolicyRef>) -> Self
    where
        V: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        V::Response: IntoResponse + 'static,
        V::Future: Send + 'static,
    {
        let rest = service.clone();
        let rest: Make<S, ()> = Arc::new(move |()| any_service(rest.clone()));
        let make = Arc::new(move |filter| on_service(filter, service.clone()));
        self.add(RouteMethods::All, path, Endpoint::registered::<V>(policy), make, Some(rest))
    }

    /// Adds annotated handlers whose route attributes name no path, on this one.
    ///
    /// # Panics
    ///
    /// If another handler of the list serves one of their methods on the same path; the message
    /// names both locations. Also if the path has a fallback already.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_axum::{Routes, cors, methods};
    ///
    /// const USERS: &str = "/users";
    ///
    /// #[cors(origins = "*")]
    /// #[get]
    /// async fn list() -> &'static str { "[]" }
    ///
    /// let routes: Routes = Routes::new().route(USERS, methods![list]);
    /// ```
    #[track_caller]
    pub fn route(self, path: &str, methods: Methods<S>) -> Self {
        let mut routes = self;
        for (mut route, handler) in methods.list {
            path.clone_into(&mut route.path);
            routes.list.push(route, handler);
        }
        if let Some(make) = methods.fallback {
            routes.push_fallback(path.to_owned(), make);
        }
        routes
    }

    #[track_caller]
    fn add(
        mut self,
        methods: RouteMethods,
        path: &str,
        endpoint: Endpoint,
        make: Make<S, MethodFilter>,
        make_rest: Option<Make<S, ()>>,
    ) -> Self {
        let route = Route::new(path, methods, EndpointId::unique(), endpoint);
        self.list.push(route, Served { make, make_rest, guard: Guard::Layer });
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
    /// assert_eq!(api.table().iter().next().unwrap().path, "/api/status");
    /// ```
    #[track_caller]
    pub fn nest(mut self, prefix: &str) -> Self {
        self.list.nest(prefix);
        for (path, _) in &mut self.fallbacks {
            *path = nested_path(prefix, path);
        }
        self
    }

    /// Puts a layer between CORS and the handlers of the list: authentication, rate limits,
    /// compression. Preflights never reach it, and what it answers by itself carries the
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
        L: Layer<AxumRoute> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        let list = self.list.map(|it| Served {
            make: layered(it.make, layer.clone()),
            make_rest: it.make_rest.map(|make| layered(make, layer.clone())),
            guard: Guard::Layer,
        });
        let fallbacks = self.fallbacks.into_iter();
        let fallbacks = fallbacks.map(|(path, make)| (path, layered(make, layer.clone())));
        Self { list, fallbacks: fallbacks.collect() }
    }

    /// Gives the handlers their state, so that lists with different states can meet.
    ///
    /// # Examples
    ///
    /// ```
    /// use axum::{Router, extract::State};
    /// use cors_axum::{Routes, cors, routes};
    ///
    /// #[cors(origins = "*")]
    /// #[get("/greeting")]
    /// async fn greeting(State(name): State<String>) -> String { name }
    ///
    /// #[cors(origins = "*")]
    /// #[get("/answer")]
    /// async fn answer(State(answer): State<u32>) -> String { answer.to_string() }
    ///
    /// let app: Router = routes![greeting]
    ///     .with_state::<()>("Ada".to_owned())
    ///     .merge(routes![answer].with_state(42))
    ///     .into_app(|router| router);
    /// ```
    pub fn with_state<S2>(self, state: S) -> Routes<S2>
    where
        S2: Clone + Send + Sync + 'static,
    {
        let list = self.list.map(|it| Served {
            make: with_state(it.make, state.clone()),
            make_rest: it.make_rest.map(|make| with_state(make, state.clone())),
            guard: it.guard,
        });
        let fallbacks = self.fallbacks.into_iter();
        let fallbacks = fallbacks.map(|(path, make)| (path, with_state(make, state.clone())));
        Routes { list, fallbacks: fallbacks.collect() }
    }

    /// The policy of everything in the app that is none of the routes: other routes, 404s. Without
    /// it they have none. [`Routes::into_app`] puts it up. Of two lists that are merged, only one may have it.
    ///
    /// # Examples
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use cors_axum::{cors, policy, routes};
    ///
    /// policy! { static FRONT_END = { origins = ["https://app.example.com"] } }
    ///
    /// #[cors(origins = "*")]
    /// #[get("/status")]
    /// async fn status() -> &'static str { "fine" }
    ///
    /// let app: Router = routes![status]
    ///     .default_policy(&FRONT_END)
    ///     .into_app(|router| router.route("/health", get(|| async { "fine" })));
    /// ```
    pub fn default_policy(mut self, policy: impl Into<PolicyRef>) -> Self {
        self.list.default_policy(policy);
        self
    }

    /// Whether rejected requests are explained: the body has the reason, and a browser's console names
    /// the method or the header. For development: it shows everyone what a policy allows.
    pub const fn explain(mut self, explain: bool) -> Self {
        self.list.explain(explain);
        self
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
        path::with_head(self.list.table())
    }

    /// The app: a router that serves the list, what `build` puts around it, and CORS outside of all
    /// that.
    ///
    /// Layers, other routes, fallbacks, 404 and 405 handlers that `build` adds are inside of CORS:
    /// no preflight for a route of the list reaches them, and what they answer in the place of a
    /// handler of the list carries the headers of its policy. Routes that `build` adds have no
    /// policy. The list keeps its paths: for a prefix use [`Routes::nest`], or nest the whole app.
    ///
    /// # Examples
    ///
    /// ```
    /// use axum::Router;
    /// use axum::extract::Request;
    /// use axum::http::StatusCode;
    /// use axum::middleware::{self, Next};
    /// use axum::response::{IntoResponse, Response};
    /// use axum::routing::get;
    /// use cors_axum::{cors, routes};
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
    /// let app: Router = routes![me].into_app(|router| {
    ///     router
    ///         .route("/health", get(|| async { "fine" }))
    ///         .layer(middleware::from_fn(authenticate))
    /// });
    /// ```
    ///
    /// # Panics
    ///
    /// If origins come from the environment, and cannot be [loaded](RouteTable::load): the message
    /// has all violations.
    #[track_caller]
    pub fn into_app(self, build: impl FnOnce(Router<S>) -> Router<S>) -> Router<S> {
        let layer = CorsLayer::of_routes(self.list.index(&self.table()));
        build(self.serve(Unserved::Axum)).layer(layer)
    }

    /// A router that serves the list, to put into another one. What is put around it is outside of
    /// CORS: use [`Routes::into_app`] for the app.
    ///
    /// A method that no handler of a path serves is answered with 405, in place of the app's own
    /// handler for that.
    ///
    /// # Panics
    ///
    /// If origins come from the environment, and cannot be [loaded](RouteTable::load): the message
    /// has all violations.
    #[track_caller]
    pub fn into_router(self) -> Router<S> {
        self.list.load_or_panic();
        self.serve(Unserved::Ours)
    }

    fn serve(self, unserved: Unserved) -> Router<S> {
        let Self { list, mut fallbacks } = self;
        let explain = list.is_explained();
        let mut router = Router::new();
        for (path, entries) in list.into_paths() {
            let fallback = fallbacks.iter().position(|(of, _)| *of == path);
            let fallback = fallback.map(|index| fallbacks.swap_remove(index).1);
            let methods = path::method_router(&entries, fallback, unserved, explain);
            router = router.route(&path, methods);
        }
        for (path, make) in fallbacks {
            router = router.route(&path, make(()));
        }
        router
    }

    #[track_caller]
    fn push_fallback(&mut self, path: String, make: Make<S, ()>) {
        let is_first = self.fallbacks.iter().all(|(it, _)| *it != path);
        assert!(is_first, "two fallbacks for {path}: only one of them can answer");
        self.fallbacks.push((path, make));
    }
}

/// Registers a handler for one method.
macro_rules! register_method {
    ($name:ident, $filter:ident, $method:literal) => {
        #[doc = concat!("Adds a handler that cannot carry an attribute, for `", $method, "`.")]
        ///
        /// # Panics
        ///
        /// If another handler of the list serves the method on the same path; the message names
        /// both locations.
        ///
        /// # Examples
        ///
        /// ```
        /// use cors_axum::{Routes, policy};
        ///
        /// policy! { static PUBLIC = { origins = "*" } }
        #[doc = concat!("let routes: Routes = Routes::new().", stringify!($name), "(\"/\", || async {}, &PUBLIC);")]
        /// ```
        #[track_caller]
        pub fn $name<H, T>(self, path: &str, handler: H, policy: impl Into<PolicyRef>) -> Self
        where
            H: Handler<T, S>,
            T: 'static,
        {
            self.on(MethodFilter::$filter, path, handler, policy)
        }
    };
}

impl<S> Routes<S>
where
    S: Clone + Send + Sync + 'static,
{
    register_method!(get, GET, "GET");
    register_method!(head, HEAD, "HEAD");
    register_method!(post, POST, "POST");
    register_method!(put, PUT, "PUT");
    register_method!(patch, PATCH, "PATCH");
    register_method!(delete, DELETE, "DELETE");
    register_method!(options, OPTIONS, "OPTIONS");
}

/// The methods of a filter.
fn names(filter: MethodFilter) -> RouteMethods {
    const ALL: [(MethodFilter, &str); 9] = [
        (MethodFilter::CONNECT, "CONNECT"),
        (MethodFilter::DELETE, "DELETE"),
        (MethodFilter::GET, "GET"),
        (MethodFilter::HEAD, "HEAD"),
        (MethodFilter::OPTIONS, "OPTIONS"),
        (MethodFilter::PATCH, "PATCH"),
        (MethodFilter::POST, "POST"),
        (MethodFilter::PUT, "PUT"),
        (MethodFilter::TRACE, "TRACE"),
    ];
    let contained = ALL.iter().filter(|(one, _)| one.or(filter) == filter);
    RouteMethods::of(&contained.map(|(_, name)| *name).collect::<Vec<_>>())
}

fn layered<S, L, For>(make: Make<S, For>, layer: L) -> Make<S, For>
where
    S: Clone + Send + Sync + 'static,
    For: 'static,
    L: Layer<AxumRoute> + Clone + Send + Sync + 'static,
    L::Service: Service<Request> + Clone + Send + Sync + 'static,
    <L::Service as Service<Request>>::Response: IntoResponse + 'static,
    <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
    <L::Service as Service<Request>>::Future: Send + 'static,
{
    Arc::new(move |methods| make(methods).layer::<_, Infallible>(layer.clone()))
}

fn with_state<S, S2, For>(make: Make<S, For>, state: S) -> Make<S2, For>
where
    S: Clone + Send + Sync + 'static,
    For: 'static,
{
    Arc::new(move |methods| make(methods).with_state(state.clone()))
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
        self.list.fmt(f)
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
