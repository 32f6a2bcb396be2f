//! What a layer can learn of the service that it is put around.
//!
//! `Router::layer` hands each route to the layer as an opaque service. The one call that
//! reaches all the way in, through whatever layers stand between, and runs nothing, is
//! `clone`: an annotated handler that is cloned while a layer asks tells whose it is.
//!
//! A clone that shares its inside instead of cloning it (a router that is nested as a
//! service) tells nothing, and is taken for plain. What is annotated in there finds out that
//! its preflights are answered by another policy, and refuses later.

use std::any::TypeId;
use std::cell::RefCell;

use axum::Router;
use axum::routing::Route;
use cors_core::PolicyHandle;
use tower_layer::layer_fn;

use crate::siblings::Siblings;

thread_local! {
    static FOUND: RefCell<Option<Found>> = const { RefCell::new(None) };
    static ASKING: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// What a layer knows of what is inside.
#[derive(Debug, Clone)]
pub(crate) enum Inside {
    /// A route of these annotated handlers.
    Annotated(Siblings),
    /// A layer with this policy, around nothing that has another.
    Layered(PolicyHandle),
    /// Nothing that has a policy.
    Plain,
    /// Whatever the service is, other policies may be somewhere in it.
    Unknown,
}

impl Inside {
    /// Asks a service.
    pub(crate) fn of<S: Clone + 'static>(service: &S) -> Self {
        match ask(service) {
            Some(Found::Annotated(siblings)) => return Self::Annotated(siblings),
            Some(Found::Layer(policy)) => return Self::Layered(policy),
            Some(Found::Unknown) => return Self::Unknown,
            None => {}
        }
        let service_type = TypeId::of::<S>();
        if service_type == TypeId::of::<Route>() {
            return Self::Plain;
        }
        // Cloning a router reaches none of its routes, but layering it does.
        let is_plain_router = (service as &dyn std::any::Any)
            .downcast_ref::<Router>()
            .is_some_and(|router| !has_policies(router));
        if is_plain_router { Self::Plain } else { Self::Unknown }
    }
}

/// What a clone tells.
pub(crate) enum Found {
    /// It is one of these annotated handlers.
    Annotated(Siblings),
    /// It is a layer with this policy, around nothing that has another.
    Layer(PolicyHandle),
    /// It is a layer that does not know what is inside of it.
    Unknown,
}

/// Called by the clones of what has a policy.
#[inline]
pub(crate) fn tell(found: impl FnOnce() -> Found) {
    if ASKING.get() {
        FOUND.with_borrow_mut(|known| {
            // A clone goes from the outside in: of layers the innermost counts, but the
            // outermost handlers are all of a path.
            if !matches!(known, Some(Found::Annotated(_) | Found::Unknown)) {
                *known = Some(found());
            }
        });
    }
}

fn ask<S: Clone>(service: &S) -> Option<Found> {
    let was_asking = ASKING.replace(true);
    let before = FOUND.take();
    drop(service.clone());
    ASKING.set(was_asking);
    FOUND.replace(before)
}

/// Whether some route of a router has a policy.
fn has_policies(router: &Router) -> bool {
    let found = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let seen = std::sync::Arc::clone(&found);
    let ask_each = layer_fn(move |route: Route| {
        if ask(&route).is_some() {
            seen.store(true, std::sync::atomic::Ordering::Relaxed);
        }
        route
    });
    drop(router.clone().layer(ask_each).with_state::<()>(()));
    found.load(std::sync::atomic::Ordering::Relaxed)
}
