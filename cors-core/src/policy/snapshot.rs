//! A policy at one moment.

use std::ops::Deref;
use std::sync::Arc;

use crate::header::value::Value;
use crate::origin::set::{Missing, Origins};
use crate::policy::cell::PolicyCell;
use crate::policy::{AllowedHeaders, Parts, Policy};

/// The policy by which one request is decided, and its response written, whatever replaces it in
/// the meantime.
///
/// A [selector](crate::PolicyRef::select) returns one: made from a `&'static Policy`, a [`Policy`],
/// an `Arc<Policy>`, or what a [`PolicyCell`] holds now. Cloning copies a pointer.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use cors_core::{Policy, Snapshot};
///
/// let policy = Arc::new(Policy::builder().origins(["*"]).build()?);
/// let snapshot = Snapshot::from(Arc::clone(&policy));
/// assert!(snapshot.is_public());
/// # Ok::<(), cors_core::Violations>(())
/// ```
#[derive(Debug, Clone)]
pub struct Snapshot(Owner);

#[derive(Debug, Clone)]
enum Owner {
    Program(&'static Policy),
    Shared(Arc<Policy>),
    /// A cell whose origins are not known yet.
    NotLoaded(Arc<PolicyCell>),
    Selected(Box<Selected>),
}

/// A policy that was chosen for a request by some of its headers.
#[derive(Debug, Clone)]
struct Selected {
    policy: Snapshot,
    /// The names of the headers, for `Vary`.
    vary: Value,
}

/// What applies where a selector chooses no policy: no page may read the response.
static NOT_SELECTED: Policy = Policy::new(Parts {
    origins: Origins::Missing(Missing::NotSelected),
    headers: AllowedHeaders::NONE,
    ..Parts::NONE
});

impl Snapshot {
    pub(crate) const NOT_SELECTED: Self = Self(Owner::Program(&NOT_SELECTED));

    #[inline]
    pub(crate) const fn of_program(policy: &'static Policy) -> Self {
        Self(Owner::Program(policy))
    }

    pub(crate) const fn not_loaded(cell: Arc<PolicyCell>) -> Self {
        Self(Owner::NotLoaded(cell))
    }

    /// The same, chosen by these headers.
    pub(crate) fn selected_by(self, headers: &[String]) -> Self {
        match Value::from_text(headers.join(", ")) {
            Some(vary) if !headers.is_empty() => {
                Self(Owner::Selected(Box::new(Selected { policy: self, vary })))
            }
            _ => self,
        }
    }

    /// The same, where another policy has a part in what is decided: `Vary` names what either was
    /// chosen by.
    pub(crate) fn beside(self, other: &Self) -> Self {
        let Some(others) = other.vary() else { return self };
        let names = self.vary().into_iter().chain([others]);
        let names: Vec<String> = names.map(|names| names.as_str().to_owned()).collect();
        self.selected_by(&names)
    }

    /// What `Vary` must name beside what the policy itself depends on.
    #[inline]
    pub(crate) fn vary(&self) -> Option<&Value> {
        match &self.0 {
            Owner::Selected(selected) => Some(&selected.vary),
            _ => None,
        }
    }
}

impl Deref for Snapshot {
    type Target = Policy;

    #[inline]
    fn deref(&self) -> &Policy {
        match &self.0 {
            Owner::Program(policy) => policy,
            Owner::Shared(policy) => policy,
            Owner::NotLoaded(cell) => cell.base(),
            Owner::Selected(selected) => &selected.policy,
        }
    }
}

impl From<&'static Policy> for Snapshot {
    fn from(policy: &'static Policy) -> Self {
        Self::of_program(policy)
    }
}

impl From<Policy> for Snapshot {
    fn from(policy: Policy) -> Self {
        Self::from(Arc::new(policy))
    }
}

impl From<Arc<Policy>> for Snapshot {
    #[inline]
    fn from(policy: Arc<Policy>) -> Self {
        Self(Owner::Shared(policy))
    }
}

/// What the cell holds now.
impl From<&'static PolicyCell> for Snapshot {
    #[inline]
    fn from(cell: &'static PolicyCell) -> Self {
        // What is made without need would have to be dropped.
        cell.later().map_or_else(|| Self::of_program(cell.first()), Self::from)
    }
}

/// What the cell holds now.
impl From<&Arc<PolicyCell>> for Snapshot {
    fn from(cell: &Arc<PolicyCell>) -> Self {
        cell.current().map_or_else(|| Self::not_loaded(Arc::clone(cell)), Self::from)
    }
}
