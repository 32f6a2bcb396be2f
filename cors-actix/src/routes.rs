//! Lists of handlers with their policies, and how they are registered.

use std::cell::OnceCell;
use std::fmt;
use std::rc::Rc;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{
    AppService, HttpServiceFactory, ServiceFactory, ServiceRequest, ServiceResponse, Transform,
};
use actix_web::http::Method;
use actix_web::{App, Error, FromRequest, Handler, Responder, Scope, web};
use cors_core::__private::{Annotation, Mounted};
use cors_core::adapter::{Endpoint, EndpointId, Matching, Methods, Route, RouteList};
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
#[derive(Clone)]
#[must_use = "a list does nothing until it is registered"]
pub struct Routes(RouteList<Served>);

/// Registers a handler.
type Register = Rc<dyn Fn(Mount, &mut AppService)>;

/// The handler of a route.
#[derive(Clone)]
struct Served {
    register: Register,
    /// The middlewares of its lists.
    wraps: Wraps,
}

impl Routes {
    /// An empty list.
    pub const fn new() -> Self {
        Self(RouteList::new(Matching::RouteByRoute))
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
        let mut list = Self::new();
        for (index, Mounted { path, methods, name, is_guarded }) in routes.iter().enumerate() {
            let route = Route {
                name: (*name).to_owned(),
                is_guarded: *is_guarded,
                ..Route::new(with_slash(path), Methods::of(methods), id, endpoint.clone())
            };
            let register = move |mount, config: &mut AppService| register(index, mount, config);
            list.0.push(route, Served { register: Rc::new(register), wraps: Wraps::default() });
        }
        list
    }

    /// Adds the handlers of another list.
    ///
    /// # Panics
    ///
    /// If both lists serve a method on the same path; the message names both locations. Also if both
    /// have a default policy.
    #[track_caller]
    pub fn merge(mut self, other: Self) -> Self {
        self.0.merge(other.0);
        self
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
    fn add(mut self, path: &str, methods: Methods, endpoint: Endpoint, register: Register) -> Self {
        // Unlike any name of the program's, so that the list recognises its own resources.
        let name = format!("{methods} {path} {} at {}", endpoint.handler(), endpoint.location());
        let (path, id) = (with_slash(path), EndpointId::unique());
        let route = Route { name, ..Route::new(path, methods, id, endpoint) };
        self.0.push(route, Served { register, wraps: Wraps::default() });
        self
    }

    /// Puts a prefix in front of every path.
    ///
    /// # Panics
    ///
    /// If `prefix` does not start with a slash.
    #[track_caller]
    pub fn nest(mut self, prefix: &str) -> Self {
        self.0.nest(prefix);
        self
    }

    /// Puts a middleware between CORS and the handlers of the list: authentication, rate limits,
    /// compression. Preflights never meet it, and what it answers by itself carries the headers of
    /// the handler's policy. The last one is the outermost.
    ///
    /// # Examples
    ///
    /// ```
    /// use actix_web::middleware::DefaultHeaders;
    /// use actix_web::{Responder, get};
    /// use cors_actix::{cors, routes};
    ///
    /// #[cors(origins = ["https://app.example.com"], credentials)]
    /// #[get("/me")]
    /// async fn me() -> impl Responder {
    ///     "Ada"
    /// }
    ///
    /// let private = routes![me].wrap(DefaultHeaders::new()); // or authentication
    /// ```
    pub fn wrap<M, B>(self, middleware: M) -> Self
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
        Self(self.0.map(|mut it| {
            it.wraps.push(Rc::clone(&middleware));
            it
        }))
    }

    /// Whether rejected requests are explained: the body has the reason, and a browser's console names
    /// the method or the header. For development: it shows everyone what a policy allows.
    pub const fn explain(mut self, explain: bool) -> Self {
        self.0.explain(explain);
        self
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
    pub fn default_policy(mut self, policy: impl Into<PolicyRef>) -> Self {
        self.0.default_policy(policy);
        self
    }

    /// The middleware outside of everything else.
    #[track_caller]
    fn cors(&self) -> Cors {
        Cors::of_routes(self.0.index(&self.table()))
    }

    /// The routes with their policies: to print, to look through, to check.
    #[must_use]
    pub fn table(&self) -> RouteTable {
        self.0.table()
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
    /// use actix_web::middleware::DefaultHeaders;
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
    ///         .wrap(DefaultHeaders::new()) // or authentication, rate limits
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
    /// use actix_web::middleware::DefaultHeaders;
    /// use actix_web::{App, Responder, get, web};
    /// use cors_actix::{cors, routes};
    ///
    /// #[cors(origins = ["https://app.example.com"], credentials)]
    /// #[get("/me")]
    /// async fn me() -> impl Responder {
    ///     "Ada"
    /// }
    ///
    /// let app = routes![me].into_app(App::new(), |app| app.wrap(DefaultHeaders::new()));
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

/// A path as actix registers it.
fn with_slash(path: &str) -> String {
    let slash = if path.is_empty() || path.starts_with('/') { "" } else { "/" };
    format!("{slash}{path}")
}

impl HttpServiceFactory for Routes {
    fn register(self, config: &mut AppService) {
        let list = Rc::new(self.0.index(&self.table()));
        let explain = self.0.is_explained();
        let resources = self.0.iter().map(|(it, _)| (it.path.clone(), it.name.clone()));
        let resources: Rc<[(String, String)]> = resources.collect();
        for (route, Served { register, wraps }) in self.0 {
            let Route { path, name, served: methods, id, endpoint, .. } = route;
            let Some(routes) = list.path(&path).cloned() else { continue };
            let is_guarded = routes.routes().iter().any(|route| route.is_guarded);
            let place = Place {
                endpoint,
                id,
                methods,
                name,
                path,
                prefix: OnceCell::new(),
                routes,
                list: is_guarded.then(|| Rc::clone(&list)),
                resources: Rc::clone(&resources),
                explain,
            };
            register(Mount::new(place, wraps), config);
        }
    }
}

impl Default for Routes {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Routes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
