//! What policies of one app know of each other.
//!
//! An inner policy that knows of an outer one leaves a mark that survives whatever is done
//! to headers on the way out. An outer policy that knows of inner ones lets them answer
//! preflights.

use std::cell::Cell;

use actix_web::HttpMessage;
use actix_web::dev::ServiceRequest;

/// Left on a request that passed a policy.
struct Surrounded;

/// Tells the policies further in that this one is there.
pub(crate) fn announce(request: &ServiceRequest) {
    request.extensions_mut().insert(Surrounded);
}

/// Whether a policy stands further out.
pub(crate) fn is_surrounded(request: &ServiceRequest) -> bool {
    request.extensions().contains::<Surrounded>()
}

thread_local! {
    // An app is built on one thread, from the inside out: what is not built yet when a
    // middleware is, is not inside of it.
    static HAS_POLICIES: Cell<bool> = const { Cell::new(false) };
}

/// Called when a policy's middleware is built: whether others may be inside of it.
pub(crate) fn may_surround() -> bool {
    HAS_POLICIES.replace(true)
}
