//! A policy, whoever owns it.

use std::ops::Deref;
use std::sync::Arc;

use crate::policy::Policy;

/// A policy that lives as long as the program, or as long as somebody uses it.
///
/// What adapters' layers and middlewares are made of: a `&'static Policy` from `policy!`,
/// a [`Policy`] from [`Policy::builder`], or an `Arc<Policy>` that several share. Cloning
/// copies a pointer.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use cors_core::{Policy, PolicyRef};
///
/// let policy = Arc::new(Policy::builder().origins(["*"]).build()?);
/// let handle = PolicyRef::from(Arc::clone(&policy));
/// assert!(handle.is_public());
/// # Ok::<(), cors_core::Violations>(())
/// ```
#[derive(Debug, Clone)]
pub struct PolicyRef(Owner);

#[derive(Debug, Clone)]
enum Owner {
    Program(&'static Policy),
    Shared(Arc<Policy>),
}

impl PolicyRef {
    /// A policy that lives as long as the program.
    #[must_use]
    pub const fn from_static(policy: &'static Policy) -> Self {
        Self(Owner::Program(policy))
    }
}

impl Deref for PolicyRef {
    type Target = Policy;

    #[inline]
    fn deref(&self) -> &Policy {
        match &self.0 {
            Owner::Program(policy) => policy,
            Owner::Shared(policy) => policy,
        }
    }
}

impl From<&'static Policy> for PolicyRef {
    fn from(policy: &'static Policy) -> Self {
        Self::from_static(policy)
    }
}

impl From<Policy> for PolicyRef {
    fn from(policy: Policy) -> Self {
        Self(Owner::Shared(Arc::new(policy)))
    }
}

impl From<Arc<Policy>> for PolicyRef {
    fn from(policy: Arc<Policy>) -> Self {
        Self(Owner::Shared(policy))
    }
}
