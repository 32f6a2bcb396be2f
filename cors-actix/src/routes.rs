//! Lists of handlers with their policies, and how they are registered.

use std::fmt;
use std::rc::Rc;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{
    AppService, HttpServiceFactory, ServiceFactory, ServiceRequest, ServiceResponse, Transform,
};
use actix_web::http::Method;
use actix_web::{App, Error, FromRequest, Handler, Responder, Scope, web};
use cors_core::__private::{Annotation, Mounted};
use cors_core::adapter::{
    Endpoint, EndpointId, Methods, Route, RouteIndex, load_or_panic, nested_path,
};
use cors_core::{PolicyRef, RouteTable};

use crate::endpoint::Annotated;
use crate::handler::Run;
use crate::middleware::Cors;
use crate::resource::{Mount, Place};
use crate::wrap::{AnyService, Wraps};

/// Handlers with their policies and paths: annotated ones by [`routes!`](crate::routes), any others
/// by [`Routes::get`] and its kind.
///
/// [`Routes::into_app`] and [`Routes::into_scope`] register it with CORS outside of everything that
/// is wrapped around the routes. `App::service` and `Scope::service` take a list as they take a
/// handler. Handlers of one path must be in one list: actix tries them one after the other, and only
/// in a list is it known which of them serves a method.
///
/// # Panics
///
/// Registering a method twice on a path panics at start-up and names both locations, unless the
/// first has a `guard`.
///
/// # Examples
///
/// ```
/// use actix_web::{App, Responder, get, web};
/// use cors_actix::{Routes, cors, policy, routes};
///
/// policy! { static PUBLIC = { origins = "*" } }
///
/// #[cors(origins = ["https://app.example.com"], credentials)]
/// #[get("/me")]
/// async fn me() -> impl Responder {
///     "Ada"
/// }
///
/// async fn version() -> &'static str {
///     "1.0"
/// }
///
/// fn api() -> Routes {
///     routes![me].get("/version", version, &PUBLIC) // what cannot carry an attribute
/// }
///
/// println!("{}", api().nest("/api").table());
/// let app = App::new().service(api().into_scope("/api", |scope| scope));
/// ```
#[derive(Clone, Default)]
#[must_use = "a list does nothing until it is registered"]
pub struct Routes {
    entries: Vec<Entry>,
    explain: bool,
    /// The policy of what is none of the routes.
    default: Option<PolicyRef>,
}

/// Registers a handler.
type Register = Rc<dyn Fn(Mount, &mut AppService)>;

/// A handler on a path.
#[derive(Clone)]
struct Entry {
    route: Route,
    register: Register,
    /// The middlewares of its lists.
    wraps: Wraps,
}

impl Routes {
    /// An empty list.
    pub const fn new() -> Self {
        Self { entries: Vec::new(), explain: false, default: None }
    }

    /// A list with an annotated handler.
    pub(crate) fn annotated<E: Annotated>() -> Self {
        Self::of_handler(E::annotation(), EndpointId::of::<E>(), E::register)
    }

    /// Not generic, because what is generic is compiled for each handler of a program.
    fn of_handler(
        annotation: &'static Annotation,
        id: EndpointId,
        register: fn(usize, Mount, &mut AppService),
    ) -> Self {
        let Annotation { routes, endpoint } = annotation;
        let entry = |(index, mounted): (usize, &Mounted)| {
            let Mounted { path, methods, name, is_guarded } = mounted;
            let (name, methods) = ((*name).to_owned(), Methods::of(methods));
            let register = move |mount, config: &mut AppService| register(index, mount, config);
            Entry {
                route: route(path, name, methods, *is_guarded, id, endpoint.clone()),
                register: Rc::new(register),
                wraps: Wraps::default(),
            }
        };
        Self { entries: routes.iter().enumerate().map(entry).collect(), ..Self::new() }
    }

    /// Adds the handlers of another list.
    ///
    /// # Panics
    ///
    /// If both lists serve a method on the same path; the message names both locations. Also if both
    /// have a default policy.
    #[track_caller]
    pub fn merge(mut self, other: Self) -> Self {
        self.explain |= other.explain;
        assert!(
            self.default.is_none() || other.default.is_none(),
            "both lists have a policy for everything else; keep one `default_policy`"
        );
        self.default = self.default.or(other.default);
        other.entries.into_iter().fold(self, Self::push)
    }

    /// Adds a handler that cannot carry an attribute, for these methods: a closure, a generic or
    /// associated function. No methods stand for all.
    ///
    /// # Panics
    ///
    /// If another handler of the list serves one of the methods on the same path; the message names
    /// both locations.
    ///
    /// # Examples
    ///
    /// ```
    /// use actix_web::http::Method;
    /// use cors_actix::{Routes, policy};
    ///
    /// policy! { static PUBLIC = { origins = "*" } }
    ///
    /// struct Pages;
    /// impl Pages {
    ///     async fn home() -> &'static str { "home" }
    /// }
    ///
    /// let routes = Routes::new().on(&[Method::GET, Method::POST], "/", Pages::home, &PUBLIC);
    /// ```
    #[track_caller]
    pub fn on<F, Args>(
        self,
        methods: &[Method],
        path: &str,
        handler: F,
        policy: impl Into<PolicyRef>,
    ) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let names = methods.iter().map(|it| it.as_str().to_owned().into()).collect();
        let methods = if methods.is_empty() { Methods::All } else { Methods::These(names) };
        let run = Run::new(handler);
        let register =
            Rc::new(move |mount: Mount, config: &mut AppService| mount.serve(run.clone(), config));
        self.add(path, methods, Endpoint::registered::<F>(policy), register)
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
    /// use cors_actix::{Routes, policy};
    ///
    /// policy! { static PUBLIC = { origins = "*" } }
    /// let routes = Routes::new().any("/echo", |body: String| async { body }, &PUBLIC);
    /// ```
    #[track_caller]
    pub fn any<F, Args>(self, path: &str, handler: F, policy: impl Into<PolicyRef>) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.on(&[], path, handler, policy)
    }

    /// Adds a service for all methods below a path.
    ///
    /// # Panics
    ///
    /// If another handler of the list has the same path; the message names both locations.
    ///
    /// # Examples
    ///
    /// ```
    /// use actix_web::{Error, HttpResponse};
    /// use actix_web::dev::{ServiceRequest, fn_service};
    /// use cors_actix::{Routes, policy};
    ///
    /// policy! { static PUBLIC = { origins = "*" } }
    /// let routes = Routes::new().service(
    ///     "/files/{path:.*}",
    ///     || fn_service(|request: ServiceRequest| async {
    ///         Ok::<_, Error>(request.into_response(HttpResponse::Ok().finish()))
    ///     }),
    ///     &PUBLIC,
    /// );
    /// ```
    #[track_caller]
    pub fn service<V>(
        self,
        path: &str,
        service: impl Fn() -> V + 'static,
        policy: impl Into<PolicyRef>,
    ) -> Self
    where
        V: ServiceFactory<
                ServiceRequest,
                Config = (),
                Response = ServiceResponse,
                Error = Error,
                InitError = (),
            > + 'static,
    {
        let register =
            Rc::new(move |mount: Mount, config: &mut AppService| mount.serve(service(), config));
        self.add(path, Methods::All, Endpoint::registered::<V>(policy), register)
    }

    #[track_caller]
    fn add(self, path: &str, methods: Methods, endpoint: Endpoint, register: Register) -> Self {
        // Unlike any name of the program's, so that the list recognises its own resources.
        let name = format!("{methods} {path} {} at {}", endpoint.handler(), endpoint.location());
        let route = route(path, name, methods, false, EndpointId::unique(), endpoint);
        self.push(Entry { route, register, wraps: Wraps::default() })
    }

    /// Puts a prefix in front of every path.
    ///
    /// # Panics
    ///
    /// If `prefix` does not start with a slash.
    #[track_caller]
    pub fn nest(mut self, prefix: &str) -> Self {
        assert!(prefix.starts_with('/'), "the prefix `{prefix}` does not start with a slash");
        for Entry { route, .. } in &mut self.entries {
            route.path = nested_path(prefix, &route.path);
        }
        self
    }

    /// Puts a middleware between CORS and the handlers of the list: authentication, rate limits,
    /// compression. Preflights never meet it, and what it answers by itself carries the headers of
    /// the handler's policy. The last one is the outermost.
    ///
    /// # Examples
    ///
    /// ```
    /// use actix_web::middleware::NormalizePath;
    /// use actix_web::{Responder, get};
    /// use cors_actix::{cors, routes};
    ///
    /// #[cors(origins = ["https://app.example.com"], credentials)]
    /// #[get("/me")]
    /// async fn me() -> impl Responder {
    ///     "Ada"
    /// }
    ///
    /// let private = routes![me].wrap(NormalizePath::trim()); // or authentication
    /// ```
    pub fn wrap<M, B>(mut self, middleware: M) -> Self
    where
        M: Transform<
                AnyService,
                ServiceRequest,
                Response = ServiceResponse<B>,
                Error = Error,
                InitError = (),
            > + 'static,
        B: MessageBody + 'static,
    {
        let middleware = Rc::new(middleware);
        for entry in &mut self.entries {
            entry.wraps.push(Rc::clone(&middleware));
        }
        self
    }

    /// Whether rejected requests are explained: the body has the reason, and a browser's console names
    /// the method or the header. For development: it shows everyone what a policy allows.
    pub fn explain(self, explain: bool) -> Self {
        Self { explain, ..self }
    }

    /// The policy of everything in the app or scope that is none of the routes: other services,
    /// 404s. Without it they have none.
    ///
    /// # Examples
    ///
    /// ```
    /// use actix_web::{App, Responder, get, web};
    /// use cors_actix::{cors, policy, routes};
    ///
    /// policy! { static FRONT_END = { origins = ["https://app.example.com"] } }
    ///
    /// #[cors(origins = "*")]
    /// #[get("/status")]
    /// async fn status() -> impl Responder { "fine" }
    ///
    /// let app = routes![status].default_policy(&FRONT_END).into_app(App::new(), |app| {
    ///     app.route("/health", web::get().to(|| async { "fine" }))
    /// });
    /// ```
    pub fn default_policy(self, policy: impl Into<PolicyRef>) -> Self {
        Self { default: Some(policy.into()), ..self }
    }

    /// The middleware outside of everything else.
    #[track_caller]
    fn cors(&self) -> Cors {
        let table = self.table();
        load_or_panic(table.policies().chain(&self.default));
        let cors = Cors::for_routes(&table).explain(self.explain);
        match &self.default {
            Some(policy) => cors.default_policy(policy.clone()),
            None => cors,
        }
    }

    /// The routes with their policies: to print, to look through, to check.
    #[must_use]
    pub fn table(&self) -> RouteTable {
        self.entries.iter().map(|it| it.route.clone()).collect()
    }

    /// A scope that serves the list, what `build` wraps around it, and CORS outside of all that.
    ///
    /// Middlewares and other services that `build` adds are inside of CORS: no preflight for a
    /// route of the list reaches them, and what they answer in the place of a handler of the list
    /// carries the headers of its policy. Services that `build` adds have no policy.
    ///
    /// # Examples
    ///
    /// ```
    /// use actix_web::middleware::NormalizePath;
    /// use actix_web::{App, Responder, get, web};
    /// use cors_actix::{cors, routes};
    ///
    /// #[cors(origins = ["https://app.example.com"], credentials)]
    /// #[get("/me")]
    /// async fn me() -> impl Responder {
    ///     "Ada"
    /// }
    ///
    /// let app = App::new().service(routes![me].into_scope("/api", |scope| {
    ///     scope
    ///         .route("/health", web::get().to(|| async { "fine" }))
    ///         .wrap(NormalizePath::trim()) // or authentication, rate limits
    /// }));
    /// ```
    ///
    /// # Panics
    ///
    /// If origins come from the environment, and cannot be [loaded](RouteTable::load): the message
    /// has all violations.
    #[track_caller]
    pub fn into_scope<F, T, B>(
        self,
        prefix: &str,
        build: F,
    ) -> Scope<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<EitherBody<B>>,
            Error = Error,
            InitError = (),
        > + use<F, T, B>,
    >
    where
        F: FnOnce(Scope) -> Scope<T>,
        T: ServiceFactory<
                ServiceRequest,
                Config = (),
                Response = ServiceResponse<B>,
                Error = Error,
                InitError = (),
            > + 'static,
        B: MessageBody + 'static,
    {
        let cors = self.cors();
        build(web::scope(prefix).service(self)).wrap(cors)
    }

    /// An app that serves the list, what `build` wraps around it, and CORS outside of all that; see
    /// [`Routes::into_scope`]. Services that `app` has already are registered before the list.
    ///
    /// # Examples
    ///
    /// ```
    /// use actix_web::middleware::NormalizePath;
    /// use actix_web::{App, Responder, get, web};
    /// use cors_actix::{cors, routes};
    ///
    /// #[cors(origins = ["https://app.example.com"], credentials)]
    /// #[get("/me")]
    /// async fn me() -> impl Responder {
    ///     "Ada"
    /// }
    ///
    /// let app = routes![me].into_app(App::new(), |app| app.wrap(NormalizePath::trim()));
    /// ```
    ///
    /// # Panics
    ///
    /// See [`Routes::into_scope`].
    #[track_caller]
    pub fn into_app<A, T, B>(
        self,
        app: App<A>,
        build: impl FnOnce(App<A>) -> App<T>,
    ) -> App<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<EitherBody<B>>,
            Error = Error,
            InitError = (),
        > + 'static,
    >
    where
        A: ServiceFactory<ServiceRequest, Config = (), Error = Error, InitError = ()>,
        T: ServiceFactory<
                ServiceRequest,
                Config = (),
                Response = ServiceResponse<B>,
                Error = Error,
                InitError = (),
            > + 'static,
        B: MessageBody + 'static,
    {
        let cors = self.cors();
        build(app.service(self)).wrap(cors)
    }

    #[track_caller]
    #[expect(clippy::panic, reason = "a mistake in the program's routes, found at its start")]
    fn push(mut self, entry: Entry) -> Self {
        for earlier in self.entries.iter().filter(|it| !it.route.is_guarded) {
            // Two names for one parameter are no conflict where the methods differ.
            if let Some(conflict) = earlier.route.conflict(&entry.route)
                && conflict.is_about_method()
            {
                panic!("{conflict}");
            }
        }
        self.entries.push(entry);
        self
    }
}

/// Registers a handler for one method.
macro_rules! register_method {
    ($name:ident, $method:ident, $text:literal) => {
        #[doc = concat!("Adds a handler that cannot carry an attribute, for `", $text, "`.")]
        ///
        /// # Panics
        ///
        /// If another handler of the list serves the method on the same path; the message names
        /// both locations.
        ///
        /// # Examples
        ///
        /// ```
        /// use cors_actix::{Routes, policy};
        ///
        /// policy! { static PUBLIC = { origins = "*" } }
        #[doc = concat!("let routes = Routes::new().", stringify!($name), "(\"/\", || async { \"\" }, &PUBLIC);")]
        /// ```
        #[track_caller]
        pub fn $name<F, Args>(self, path: &str, handler: F, policy: impl Into<PolicyRef>) -> Self
        where
            F: Handler<Args>,
            Args: FromRequest + 'static,
            F::Output: Responder + 'static,
        {
            self.on(&[Method::$method], path, handler, policy)
        }
    };
}

impl Routes {
    register_method!(get, GET, "GET");
    register_method!(head, HEAD, "HEAD");
    register_method!(post, POST, "POST");
    register_method!(put, PUT, "PUT");
    register_method!(patch, PATCH, "PATCH");
    register_method!(delete, DELETE, "DELETE");
    register_method!(options, OPTIONS, "OPTIONS");
}

fn route(
    path: &str,
    name: String,
    methods: Methods,
    is_guarded: bool,
    id: EndpointId,
    endpoint: Endpoint,
) -> Route {
    let (path, served) = (path.to_owned(), methods.clone());
    Route { path, name, methods, served, is_guarded, id, endpoint }
}

impl HttpServiceFactory for Routes {
    fn register(self, config: &mut AppService) {
        let list = Rc::new(RouteIndex::new(&self.table()).explain(self.explain));
        let Self { entries, explain, .. } = self;
        let resources = entries.iter().map(|it| (it.route.path.clone(), it.route.name.clone()));
        let resources: Rc<[(String, String)]> = resources.collect();
        for Entry { route, register, wraps } in entries {
            let Route { path, name, served: methods, id, endpoint, .. } = route;
            let Some(routes) = list.path(&path).cloned() else { continue };
            let is_guarded = routes.routes().iter().any(|route| route.is_guarded);
            let place = Place {
                endpoint,
                id,
                methods,
                name,
                path,
                routes,
                list: is_guarded.then(|| Rc::clone(&list)),
                resources: Rc::clone(&resources),
                explain,
            };
            register(Mount::new(place, wraps), config);
        }
    }
}

impl fmt::Debug for Routes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.entries.iter().map(|Entry { route, .. }| route);
        f.debug_list()
            .entries(entries.map(|it| (&it.path, it.methods.to_string(), it.endpoint.handler())))
            .finish()
    }
}
