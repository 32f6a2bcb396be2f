//! What `#[cors(...)]` makes of a handler.

use std::fmt;
use std::marker::PhantomData;

use cors_core::__private::Annotation;

/// A handler below `#[cors(...)]`: its name is a function that returns this.
///
/// That is no handler for axum: `get(user)` does not compile, because the policy would be lost.
/// [`routes!`](crate::routes) and [`methods!`](crate::methods) register it. The function itself is
/// `user::call`, for unit tests.
///
/// # Examples
///
/// ```
/// use cors_axum::{cors, routes};
///
/// #[cors(origins = "*")]
/// #[get("/double/{n}")]
/// async fn double(axum::extract::Path(n): axum::extract::Path<u32>) -> String {
///     (2 * n).to_string()
/// }
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// assert_eq!(double::call(axum::extract::Path(2)).await, "4");
/// # });
/// let app: axum::Router = routes![double].into_app(|router| router);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// ```compile_fail
/// # use cors_axum::cors;
/// #[cors(origins = "*")]
/// #[get("/status")]
/// async fn status() -> &'static str { "fine" }
///
/// // error[E0277]: `status` is not a `Handler`
/// let app: axum::Router = axum::Router::new().route("/status", axum::routing::get(status));
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

/// A handler below the attribute.
pub trait Annotated: 'static {
    /// One `()` for each argument of the function.
    type Arguments;

    /// What the attribute records of it.
    fn annotation() -> &'static Annotation;
}

/// A handler whose route attributes name their paths.
#[diagnostic::on_unimplemented(
    message = "the route attribute of `{Self}` names no path",
    note = "write the path into the route attribute, as in `#[get(\"/users\")]`, or use \
            `Routes::route(\"/users\", methods![...])`"
)]
pub trait Routed: Annotated {}

/// What the name of a handler returns.
#[diagnostic::on_unimplemented(
    message = "a handler without a policy",
    label = "no `#[cors(...)]` stands above this handler",
    note = "write `#[cors(origins = [...])]` and a route attribute such as `#[get(\"/path\")]` \
            above it, or register it with a policy by name: `Routes::get(\"/path\", handler, \
            &POLICY)`"
)]
pub trait Welded {
    /// What the attribute made of it.
    type Endpoint: Annotated;
}

impl<E: Annotated> Welded for RegisterWithRoutes<E> {
    type Endpoint = E;
}
