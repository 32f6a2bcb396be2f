//! What `#[cors(...)]` makes of a handler.

use std::fmt;
use std::marker::PhantomData;

use actix_web::dev::{AppService, HttpServiceFactory};
use cors_core::__private::Annotation;

use crate::resource::Mount;
use crate::routes::Routes;

/// A handler below `#[cors(...)]`: the value of its name.
///
/// `App::service`, `Scope::service` and [`routes!`](crate::routes) register it.
/// `web::get().to(user)` does not compile, because the policy would be lost. The function itself is
/// `user::call`, for unit tests.
///
/// # Examples
///
/// ```
/// use actix_web::{App, Responder, get};
/// use cors_actix::{cors, routes};
///
/// #[cors(origins = "*")]
/// #[get("/status")]
/// async fn status() -> &'static str { "fine" }
///
/// # #[actix_web::main] async fn main() {
/// assert_eq!(status::call().await, "fine");
/// let app = App::new().service(routes![status]);
/// # }
/// ```
///
/// ```compile_fail
/// # use actix_web::{App, get, web};
/// # use cors_actix::cors;
/// #[cors(origins = "*")]
/// #[get("/status")]
/// async fn status() -> &'static str { "fine" }
///
/// // error[E0277]: `status` is not a `Handler`
/// let app = App::new().route("/status", web::get().to(status));
/// ```
#[must_use = "a handler does nothing until it is registered"]
pub struct RegisterWithRoutes<E>(PhantomData<fn() -> E>);

impl<E> RegisterWithRoutes<E> {
    /// For the attribute.
    #[doc(hidden)]
    pub const NEW: Self = Self(PhantomData);
}

impl<E> Clone for RegisterWithRoutes<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for RegisterWithRoutes<E> {}

impl<E> fmt::Debug for RegisterWithRoutes<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RegisterWithRoutes")
    }
}

impl<E: Annotated> HttpServiceFactory for RegisterWithRoutes<E> {
    fn register(self, config: &mut AppService) {
        Routes::annotated::<E>().register(config);
    }
}

/// A handler below the attribute.
pub trait Annotated: 'static {
    /// What the attribute records of it.
    fn annotation() -> &'static Annotation;

    /// Registers the route with this index.
    fn register(index: usize, mount: Mount, config: &mut AppService);
}

/// The value of a handler's name.
#[diagnostic::on_unimplemented(
    message = "a handler without a policy",
    label = "no `#[cors(...)]` stands above this handler",
    note = "write `#[cors(origins = [...])]` above its route attribute, or register it with a \
            policy by name: `Routes::get(\"/path\", handler, &POLICY)`"
)]
pub trait Welded {
    /// What the attribute made of it.
    type Endpoint: Annotated;
}

impl<E: Annotated> Welded for RegisterWithRoutes<E> {
    type Endpoint = E;
}
