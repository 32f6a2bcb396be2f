//! What both APIs serve. Each has a store of its own, in memory.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// What a request may bring, in bytes.
pub(super) const LARGEST_BODY: usize = 16 * 1024;
/// How much of a kind is kept.
const MOST: usize = 256;

/// How often browsers asked before they sent something to a path.
#[derive(Debug, Serialize)]
pub(super) struct Preflights {
    pub(super) preflights: u32,
}

/// A shared store; cloning copies a pointer.
#[derive(Debug, Clone)]
pub(super) struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    requests: AtomicU64,
    tables: Mutex<Tables>,
}

#[derive(Debug, Clone, Default)]
struct Tables {
    sessions: HashMap<String, User>,
    articles: HashMap<u32, Article>,
    orders: HashMap<String, Order>,
    feedback: HashMap<String, Feedback>,
    /// By path.
    preflights: HashMap<String, u32>,
}

/// What `GET /status` says.
#[derive(Debug, Serialize)]
pub(super) struct Status {
    pub(super) status: &'static str,
}

/// Who is signed in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct User {
    pub(super) name: String,
}

/// An article, as it is read and written.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Article {
    pub(super) title: String,
}

/// An order; the front end chooses the reference, and can ask for it later.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) item: String,
    pub(super) reference: String,
}

/// Feedback, with a reference like an order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Feedback {
    pub(super) text: String,
    pub(super) reference: String,
}

impl Store {
    /// A store with one article.
    pub(super) fn new() -> Self {
        let first = Article { title: "Same origin, different story".to_owned() };
        let tables = Tables { articles: HashMap::from([(1, first)]), ..Tables::default() };
        Self(Arc::new(Inner { requests: AtomicU64::new(1), tables: Mutex::new(tables) }))
    }

    /// A store with the same content, which is then on its own.
    pub(super) fn copy(&self) -> Self {
        let requests = AtomicU64::new(self.0.requests.load(Ordering::Relaxed));
        let tables = Mutex::new(self.tables().clone());
        Self(Arc::new(Inner { requests, tables }))
    }

    /// The number of this request.
    pub(super) fn request_id(&self) -> String {
        format!("request-{}", self.0.requests.fetch_add(1, Ordering::Relaxed))
    }

    pub(super) fn open_session(&self, token: String, user: User) {
        keep(&mut self.tables().sessions, token, user);
    }

    pub(super) fn session(&self, token: &str) -> Option<User> {
        self.tables().sessions.get(token).cloned()
    }

    pub(super) fn article(&self, id: u32) -> Option<Article> {
        self.tables().articles.get(&id).cloned()
    }

    pub(super) fn write_article(&self, id: u32, article: Article) {
        keep(&mut self.tables().articles, id, article);
    }

    /// Whether there was one.
    pub(super) fn delete_article(&self, id: u32) -> bool {
        self.tables().articles.remove(&id).is_some()
    }

    pub(super) fn take_order(&self, order: Order) {
        keep(&mut self.tables().orders, order.reference.clone(), order);
    }

    pub(super) fn order(&self, reference: &str) -> Option<Order> {
        self.tables().orders.get(reference).cloned()
    }

    pub(super) fn take_feedback(&self, feedback: Feedback) {
        keep(&mut self.tables().feedback, feedback.reference.clone(), feedback);
    }

    pub(super) fn feedback(&self, reference: &str) -> Option<Feedback> {
        self.tables().feedback.get(reference).cloned()
    }

    pub(super) fn count_preflight(&self, path: &str) {
        let mut tables = self.tables();
        let count = tables.preflights.get(path).copied().unwrap_or_default();
        keep(&mut tables.preflights, path.to_owned(), count.saturating_add(1));
    }

    pub(super) fn preflights(&self, path: &str) -> Preflights {
        Preflights { preflights: self.tables().preflights.get(path).copied().unwrap_or_default() }
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        // No operation leaves a table half changed, so a poisoned lock is as good as any.
        self.0.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps a value; a table that is full loses another one, whichever it is.
fn keep<K: Clone + Eq + Hash, V>(table: &mut HashMap<K, V>, key: K, value: V) {
    if table.len() >= MOST && !table.contains_key(&key) {
        let other = table.keys().next().cloned();
        other.and_then(|other| table.remove(&other));
    }
    table.insert(key, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_never_grows_beyond_its_bound() {
        let mut table = HashMap::new();
        for number in 0..3 * MOST {
            keep(&mut table, number, number);
            assert!(table.len() <= MOST && table.contains_key(&number));
        }
        let last = 3 * MOST - 1;
        keep(&mut table, last, 0);
        assert_eq!(table.len(), MOST);
    }
}
