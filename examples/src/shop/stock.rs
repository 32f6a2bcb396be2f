//! The products and baskets, in memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::users::User;

/// A shop; cloning copies a pointer.
#[derive(Debug, Clone)]
pub struct Shop(Arc<Mutex<Shelves>>);

#[derive(Debug, Default)]
struct Shelves {
    products: BTreeMap<u32, Product>,
    baskets: HashMap<&'static str, Vec<u32>>,
    revision: u32,
}

/// What the shop sells.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Product {
    /// What it is called.
    pub name: String,
    /// How many there are.
    pub left: u32,
}

impl Default for Shop {
    fn default() -> Self {
        Self::new()
    }
}

impl Shop {
    /// A shop that sells tea.
    #[must_use]
    pub fn new() -> Self {
        let tea = Product { name: "tea".to_owned(), left: 3 };
        let shelves = Shelves { products: BTreeMap::from([(1, tea)]), ..Shelves::default() };
        Self(Arc::new(Mutex::new(shelves)))
    }

    pub(crate) fn products(&self) -> Vec<Product> {
        self.shelves().products.values().cloned().collect()
    }

    pub(crate) fn product(&self, id: u32) -> Option<Product> {
        self.shelves().products.get(&id).cloned()
    }

    /// The number of the change.
    pub(crate) fn write_product(&self, id: u32, product: Product) -> u32 {
        let mut shelves = self.shelves();
        shelves.products.insert(id, product);
        shelves.revision += 1;
        shelves.revision
    }

    /// Whether there was one.
    pub(crate) fn remove_product(&self, id: u32) -> bool {
        self.shelves().products.remove(&id).is_some()
    }

    pub(crate) fn basket(&self, user: User) -> Vec<u32> {
        self.shelves().baskets.get(user.name).cloned().unwrap_or_default()
    }

    /// Whether there is any left.
    pub(crate) fn put_into_basket(&self, user: User, id: u32) -> bool {
        let mut shelves = self.shelves();
        let left = shelves.products.get_mut(&id).map(|product| &mut product.left);
        let Some(left) = left.filter(|left| **left > 0) else { return false };
        *left -= 1;
        shelves.baskets.entry(user.name).or_default().push(id);
        true
    }

    fn shelves(&self) -> MutexGuard<'_, Shelves> {
        // No operation leaves the shelves half changed, so a poisoned lock is as good as any.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
