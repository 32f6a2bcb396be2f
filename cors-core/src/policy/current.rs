//! A policy that is replaced while others read it.

use std::sync::{Arc, Mutex, PoisonError, RwLock, TryLockError};

use crate::policy::Policy;

/// The policy of a cell whose origins were replaced.
///
/// Reading takes no lock that could be waited for: each policy is in both places before the next one
/// is written to the first, so at least one of them is free, and none of them is older than what
/// another reader has seen. Half of what `arc-swap` costs a request, which looks for a free slot of its
/// thread each time.
#[derive(Debug)]
pub(crate) struct Current {
    places: [RwLock<Arc<Policy>>; 2],
    /// Held by who replaces it: both places are one step.
    replacement: Mutex<()>,
}

impl Current {
    pub(crate) fn new(policy: Arc<Policy>) -> Self {
        let places = [RwLock::new(Arc::clone(&policy)), RwLock::new(policy)];
        Self { places, replacement: Mutex::new(()) }
    }

    /// The policy as it is now.
    #[inline]
    pub(crate) fn get(&self) -> Arc<Policy> {
        // Both fail only if a replacement went from the first to the second in between.
        loop {
            if let Some(policy) = self.places.iter().find_map(read) {
                return policy;
            }
        }
    }

    /// Replaces it. Waits for other replacements, and for readers that are copying the pointer.
    pub(crate) fn set(&self, policy: &Arc<Policy>) {
        let _replacement = self.replacement.lock().unwrap_or_else(PoisonError::into_inner);
        for place in &self.places {
            *place.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(policy);
        }
    }
}

/// The policy in a place, unless it is being replaced there.
#[inline]
fn read(place: &RwLock<Arc<Policy>>) -> Option<Arc<Policy>> {
    match place.try_read() {
        Ok(policy) => Some(Arc::clone(&policy)),
        // No code that can panic runs under the lock.
        Err(TryLockError::Poisoned(policy)) => Some(Arc::clone(policy.get_ref())),
        Err(TryLockError::WouldBlock) => None,
    }
}
