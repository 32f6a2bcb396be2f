//! What a policy knows of the policies that stand around it.
//!
//! An inner policy that knows of an outer one leaves a mark that survives whatever is done to
//! headers on the way out. The mark costs an allocation, so it is left only then; and a
//! request extension, which would tell as well, costs one on every request.
//!
//! An inner policy whose preflights an outer one answers makes up for it: see
//! [`Policy::decide_here`].

use std::cell::Cell;

use crate::policy::Policy;

thread_local! {
    static OUTSIDE: Cell<usize> = const { Cell::new(NOTHING) };
}

/// No policy stands around what runs now.
const NOTHING: usize = 0;
/// Policies do that leave preflights alone. Any other number says where in memory the policy
/// is that answers them, unless somebody further in does; policies are aligned, so none is at
/// one of these.
const SILENT: usize = 1;
/// Several do that answer preflights.
const SEVERAL: usize = 2;

fn address(policy: &Policy) -> usize {
    std::ptr::from_ref(policy).addr()
}

/// What runs while this lives runs inside of a policy. An adapter holds one while it calls or
/// polls what it stands around.
///
/// It is lost where work moves to another thread or task in between; policies in there then
/// believe that they are alone.
///
/// # Examples
///
/// ```
/// use cors_core::{Policy, Surround, is_surrounded};
///
/// let policy = Policy::builder().origins(["*"]).build()?;
/// {
///     let _surround = Surround::enter(Some(&policy));
///     assert!(is_surrounded());
/// }
/// assert!(!is_surrounded());
/// # Ok::<(), cors_core::Violations>(())
/// ```
#[derive(Debug)]
#[must_use = "what runs while this lives runs inside of a policy"]
pub struct Surround {
    before: usize,
}

impl Surround {
    /// Inside of a policy that `answers` preflights unless somebody further in does; of one
    /// that leaves them alone, if `None`.
    #[inline]
    pub fn enter(answers: Option<&Policy>) -> Self {
        let before = OUTSIDE.get();
        let now = match (before, answers.map(address)) {
            (NOTHING, None) => SILENT,
            (earlier, None) => earlier,
            (NOTHING | SILENT, Some(policy)) => policy,
            (earlier, Some(policy)) if earlier == policy => policy,
            _ => SEVERAL,
        };
        OUTSIDE.set(now);
        Self { before }
    }
}

impl Drop for Surround {
    /// Restores what was, also while a panic passes.
    #[inline]
    fn drop(&mut self) {
        OUTSIDE.set(self.before);
    }
}

/// Whether this runs inside of a policy.
///
/// # Examples
///
/// See [`Surround`].
#[must_use]
#[inline]
pub fn is_surrounded() -> bool {
    OUTSIDE.get() != NOTHING
}

/// Whether another policy may have answered the preflights of this one.
#[inline]
pub(crate) fn is_unasked(policy: &Policy) -> bool {
    let outside = OUTSIDE.get();
    outside > SILENT && outside != address(policy)
}

/// Whether this policy, and no other, decides further out already: what happens here is its
/// business there.
///
/// # Examples
///
/// ```
/// use cors_core::{Policy, Surround, is_decided_outside};
///
/// let policy = Policy::builder().origins(["*"]).build()?;
/// assert!(!is_decided_outside(&policy));
/// let _surround = Surround::enter(Some(&policy));
/// assert!(is_decided_outside(&policy));
/// # Ok::<(), cors_core::Violations>(())
/// ```
#[must_use]
#[inline]
pub fn is_decided_outside(policy: &Policy) -> bool {
    OUTSIDE.get() == address(policy)
}
