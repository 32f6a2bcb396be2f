//! The origins of a policy.

use std::borrow::Cow;

use super::automaton::MAX_ORIGIN;
use super::exact::ExactSet;
use super::patterns::Patterns;
use super::wildcard::Wildcard;
use super::wildcards::Wildcards;
use crate::header::value::Wire;

/// Who may read the responses of a policy.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant, reason = "it stands in a `static`, which cannot box")]
pub enum Origins {
    /// Any origin, without credentials.
    Any,
    /// The origins of the set.
    These(OriginSet),
    /// No origin: the handler takes no part in CORS (`#[cors(none)]`).
    Disabled,
    /// No origin as yet.
    Missing(Missing),
}

/// Why there are no origins to compare with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// They come later.
    NotLoaded,
    /// No policy was chosen for the request.
    NotSelected,
}

/// What is compared with where origins are missing.
pub(crate) static NO_ORIGINS: OriginSet = OriginSet {
    exact: ExactSet::NONE,
    wildcards: Wildcards::NONE,
    patterns: Patterns::None,
    open: None,
};

impl Origins {
    /// The set of origins; `None` where any or none has a part in it.
    #[inline]
    pub(crate) const fn set(&self) -> Option<&OriginSet> {
        match self {
            Self::Any | Self::Disabled => None,
            Self::These(set) => Some(set),
            Self::Missing(_) => Some(&NO_ORIGINS),
        }
    }
}

/// Exact origins, and those that wildcards stand for.
#[derive(Debug, Clone)]
pub struct OriginSet {
    /// The exact origins.
    pub exact: ExactSet,
    /// The origins with wildcards, with the table in which they are looked up.
    pub wildcards: Wildcards,
    /// The origin patterns.
    pub patterns: Patterns,
    /// One of them that anyone can be, for people.
    pub open: Option<Cow<'static, str>>,
}

impl OriginSet {
    pub(crate) fn new(
        exact: Vec<String>,
        wildcards: Vec<Wildcard>,
        patterns: Patterns,
        open: Option<String>,
    ) -> Self {
        Self {
            exact: ExactSet::new(exact),
            wildcards: Wildcards::new(wildcards),
            patterns,
            open: open.map(Cow::Owned),
        }
    }

    /// What `Access-Control-Allow-Origin` answers to `origin`, if it is in the set.
    #[inline]
    pub(crate) fn admit<V: Wire>(&self, origin: &V) -> Option<V> {
        // What equals the origin of the request need not be copied from the policy.
        self.contains(origin.as_bytes()).then(|| origin.clone())
    }

    /// Whether `origin` is in the set.
    pub(crate) fn contains(&self, origin: &[u8]) -> bool {
        self.exact.contains(origin) || self.admits_by_shape(origin)
    }

    /// Whether a wildcard or a pattern stands for an origin.
    fn admits_by_shape(&self, origin: &[u8]) -> bool {
        origin.len() <= MAX_ORIGIN
            && (self.wildcards.matches(origin) || self.patterns.matches(origin))
    }
}
