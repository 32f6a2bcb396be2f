//! What an app has at its root: two annotated handlers there that want the same requests are
//! refused when the app is built, for actix would silently use the first.

use std::any::Any;
use std::cell::RefCell;
use std::rc::{Rc, Weak};

use actix_web::dev::AppService;

use crate::endpoint::{Endpoint, Placed};

thread_local! {
    static ROOT: RefCell<Option<Root>> = const { RefCell::new(None) };
}

/// The app that is being built on this thread.
struct Root {
    /// What no other app has at this address, as long as this is held.
    app: Weak<dyn Any>,
    routes: Vec<Placed>,
}

/// Notes a route. Inside of a scope this does nothing: a scope does not show what is in it.
///
/// # Panics
///
/// If the app has a route that answers in its place; the message names both places.
pub(crate) fn add(path: String, endpoint: &'static Endpoint, config: &AppService) {
    if !config.is_root() {
        return;
    }
    let app: Rc<dyn Any> = config.default_service();
    let is_same = |root: &Root| root.app.upgrade().is_some_and(|it| Rc::ptr_eq(&it, &app));
    let mut routes = ROOT.take().filter(is_same).map(|root| root.routes).unwrap_or_default();
    let route = Placed::new(path, endpoint);
    for earlier in &routes {
        earlier.refuse_shadowed(&route);
    }
    routes.push(route);
    ROOT.set(Some(Root { app: Rc::downgrade(&app), routes }));
}
