//! The origins of a policy.

use std::borrow::Cow;

use super::exact::ExactSet;
use super::wildcard::Wildcard;
use crate::value::{Value, Wire};

/// Longer than any origin that a browser can send for a host that DNS knows, in bytes; a
/// wildcard does not look at what is longer.
const LONGEST_ORIGIN: usize = 300;

/// Who may read the responses of a policy.
#[derive(Debug, Clone)]
pub enum Origins {
    /// Everybody, without credentials.
    Any,
    /// Whoever is in the set.
    These(OriginSet),
    /// Nobody: the handler takes no part in CORS (`#[cors(none)]`).
    Nobody,
}

/// Exact origins, and those that wildcards stand for.
#[derive(Debug, Clone)]
pub struct OriginSet {
    exact: ExactSet,
    wildcards: Cow<'static, [Wildcard]>,
}

impl OriginSet {
    /// A set that the macro has laid out.
    #[must_use]
    pub const fn from_static(exact: ExactSet, wildcards: &'static [Wildcard]) -> Self {
        Self { exact, wildcards: Cow::Borrowed(wildcards) }
    }

    pub(crate) fn new(exact: Vec<Value>, wildcards: Vec<Wildcard>) -> Self {
        Self { exact: ExactSet::new(exact), wildcards: wildcards.into() }
    }

    /// The exact origins.
    #[must_use]
    pub const fn exact(&self) -> &ExactSet {
        &self.exact
    }

    /// The origins with wildcards.
    #[must_use]
    pub fn wildcards(&self) -> &[Wildcard] {
        &self.wildcards
    }

    /// What `Access-Control-Allow-Origin` answers to `origin`, if it is in the set.
    #[inline]
    pub(crate) fn admit<V: Wire>(&self, origin: &V) -> Option<V> {
        let bytes = origin.as_bytes();
        if let Some(value) = self.exact.get(bytes) {
            return Some(V::from_value(value));
        }
        (bytes.len() <= LONGEST_ORIGIN && self.wildcards.iter().any(|it| it.matches(bytes)))
            .then(|| origin.clone())
    }
}
