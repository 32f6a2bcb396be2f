//! What a policy knows of the policies that stand around it.
//!
//! An inner policy that knows of an outer one leaves a mark that survives whatever is done to
//! headers on the way out. The mark costs an allocation, so it is left only then; and a request
//! extension, which would tell as well, costs one on every request.
//!
//! An inner policy whose preflights an outer one answers makes up for it: it refuses the
//! requests that it would have refused to grant.

use std::cell::Cell;

use cors_core::Policy;

thread_local! {
    static OUTSIDE: Cell<Outside> = const { Cell::new(Outside { surrounds: false, answers: NOBODY }) };
}

/// What stands around whatever runs now.
#[derive(Clone, Copy)]
struct Outside {
    /// Whether a policy does.
    surrounds: bool,
    /// Where the policy is in memory that answers preflights, unless somebody further in does.
    answers: usize,
}

const NOBODY: usize = 0;
/// Policies are aligned, so none is here.
const SEVERAL: usize = 1;

/// What runs while this lives runs inside of a policy.
pub(crate) struct Inside(Outside);

impl Inside {
    /// Inside of a policy, which answers preflights unless somebody further in does; of none,
    /// if it is the next one further in that does.
    #[inline]
    pub(crate) fn enter(answers: Option<Answers>) -> Self {
        let before = OUTSIDE.get();
        let answers = match (before.answers, answers) {
            (earlier, None) => earlier,
            (NOBODY, Some(Answers(policy))) => policy,
            (earlier, Some(Answers(policy))) if earlier == policy => policy,
            _ => SEVERAL,
        };
        OUTSIDE.set(Outside { surrounds: true, answers });
        Self(before)
    }
}

impl Drop for Inside {
    /// Restores what was, also while a panic passes.
    #[inline]
    fn drop(&mut self) {
        OUTSIDE.set(self.0);
    }
}

/// The policy that answers preflights for what is inside of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answers(usize);

impl Answers {
    #[inline]
    pub(crate) fn of(policy: &Policy) -> Self {
        Self(std::ptr::from_ref(policy).addr())
    }
}

/// Whether this runs inside of a policy.
#[inline]
pub(crate) fn is_surrounded() -> bool {
    OUTSIDE.get().surrounds
}

/// Whether another policy may have answered the preflights of this one.
#[inline]
pub(crate) fn is_unasked(policy: &Policy) -> bool {
    let Outside { answers, .. } = OUTSIDE.get();
    answers != NOBODY && answers != Answers::of(policy).0
}
