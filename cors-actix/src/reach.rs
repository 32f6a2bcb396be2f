//! What a middleware can learn of what is inside: whether other policies are.

use std::cell::Cell;

thread_local! {
    // An app is built on one thread, from the inside out: what is not built yet when a
    // middleware is, is not inside of it.
    static HAS_POLICIES: Cell<bool> = const { Cell::new(false) };
}

/// Called when a policy's middleware is built: whether others may be inside of it.
pub(crate) fn may_surround() -> bool {
    HAS_POLICIES.replace(true)
}
