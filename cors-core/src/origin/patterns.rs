//! Origin patterns, all of which an origin is held against at once.

use std::borrow::Cow;
use std::slice;

use super::automaton::Automaton;

/// A pattern that was proved safe.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// The regular expression, for people: it is not what matches.
    pub source: Cow<'static, str>,
    /// What matches.
    pub table: Automaton,
}

#[cfg(feature = "patterns")]
impl Pattern {
    pub(crate) fn new(source: &str, table: Automaton) -> Self {
        Self { source: Cow::Owned(source.to_owned()), table }
    }
}

/// The patterns of a policy. However many they are, a request reads one table.
#[derive(Debug, Clone)]
pub enum Patterns {
    /// No pattern.
    None,
    /// A pattern, which is its own union.
    One(Pattern),
    /// Several.
    Several {
        /// In the order of the declaration.
        list: Cow<'static, [Pattern]>,
        /// Accepts what one of them accepts.
        union: Automaton,
    },
}

impl Patterns {
    /// Whether one of the patterns matches a serialised origin.
    #[inline]
    pub(crate) fn matches(&self, origin: &[u8]) -> bool {
        match self {
            Self::None => false,
            Self::One(pattern) => pattern.table.matches(origin),
            Self::Several { union, .. } => union.matches(origin),
        }
    }

    /// The patterns in the order of the declaration.
    #[must_use]
    pub fn as_slice(&self) -> &[Pattern] {
        match self {
            Self::None => &[],
            Self::One(pattern) => slice::from_ref(pattern),
            Self::Several { list, .. } => list,
        }
    }
}
