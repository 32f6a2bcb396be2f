//! How much of a policy is known when its declaration is judged.

use crate::origin::patterns::Patterns;

/// What is known beside the declaration.
#[derive(Debug)]
pub(crate) enum Known<'a> {
    /// The declaration is all there is.
    All,
    /// The same of a build that does not have the debug origins of the declaration, one of which may
    /// be what a danger is named for.
    Released,
    /// More origins will come, so that there may be none yet, and a danger that no origin runs into
    /// may be needed later.
    NotYet,
    /// They have come, beside patterns that were proved before.
    Later(&'a Patterns),
}

impl Known<'_> {
    /// Whether every origin is there that a danger may be named for.
    pub(crate) const fn has_all_dangers(&self) -> bool {
        matches!(self, Self::All)
    }

    /// Whether origins may be missing.
    pub(crate) const fn may_be_empty(&self) -> bool {
        !matches!(self, Self::All)
    }

    /// Whether origins will come that are not known yet.
    pub(crate) const fn is_open(&self) -> bool {
        matches!(self, Self::NotYet)
    }

    /// The patterns that were proved before.
    pub(crate) const fn proved(&self) -> Option<&Patterns> {
        match self {
            Self::All | Self::Released | Self::NotYet => None,
            Self::Later(patterns) => Some(patterns),
        }
    }
}
