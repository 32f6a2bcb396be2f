//! Whether a policy of ours stands around the one that decides.
//!
//! An inner policy that knows it leaves a mark that survives whatever is done to headers on
//! the way out. The mark costs an allocation, so it is left only then; and a request
//! extension, which would tell as well, costs one on every request.

use std::cell::Cell;

thread_local! {
    static SURROUNDED: Cell<bool> = const { Cell::new(false) };
}

/// What runs while this lives runs inside of a policy.
pub(crate) struct Inside(bool);

impl Inside {
    #[inline]
    pub(crate) fn enter() -> Self {
        Self(SURROUNDED.replace(true))
    }
}

impl Drop for Inside {
    /// Restores what was, also while a panic passes.
    #[inline]
    fn drop(&mut self) {
        SURROUNDED.set(self.0);
    }
}

/// Whether this runs inside of a policy.
#[inline]
pub(crate) fn is_surrounded() -> bool {
    SURROUNDED.get()
}
