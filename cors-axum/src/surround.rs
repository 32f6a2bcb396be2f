//! Whether a policy of ours stands around the one that decides.
//!
//! An inner policy that knows it leaves a mark that survives whatever is done to headers on
//! the way out. The mark costs an allocation, so it is left only then; and a request
//! extension, which would tell as well, costs one on every request.

use std::cell::Cell;

thread_local! {
    static SURROUNDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs what is inside of a policy.
pub(crate) fn inside<T>(run: impl FnOnce() -> T) -> T {
    /// Restores what was, also while a panic passes.
    struct Restore(bool);

    impl Drop for Restore {
        fn drop(&mut self) {
            SURROUNDED.set(self.0);
        }
    }

    let _restore = Restore(SURROUNDED.replace(true));
    run()
}

/// Whether this runs inside of a policy.
pub(crate) fn is_surrounded() -> bool {
    SURROUNDED.get()
}
