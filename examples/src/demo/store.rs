//! What both APIs serve. Each has a store of its own, in memory.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

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

#[derive(Debug, Default)]
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

    /// The number of this request.
    pub(super) fn request_id(&self) -> String {
        format!("request-{}", self.0.requests.fetch_add(1, Ordering::Relaxed))
    }

    pub(super) fn open_session(&self, token: String, user: User) {
        self.tables().sessions.insert(token, user);
    }

    pub(super) fn session(&self, token: &str) -> Option<User> {
        self.tables().sessions.get(token).cloned()
    }

    pub(super) fn article(&self, id: u32) -> Option<Article> {
        self.tables().articles.get(&id).cloned()
    }

    pub(super) fn write_article(&self, id: u32, article: Article) {
        self.tables().articles.insert(id, article);
    }

    /// Whether there was one.
    pub(super) fn delete_article(&self, id: u32) -> bool {
        self.tables().articles.remove(&id).is_some()
    }

    pub(super) fn take_order(&self, order: Order) {
        self.tables().orders.insert(order.reference.clone(), order);
    }

    pub(super) fn order(&self, reference: &str) -> Option<Order> {
        self.tables().orders.get(reference).cloned()
    }

    pub(super) fn take_feedback(&self, feedback: Feedback) {
        self.tables().feedback.insert(feedback.reference.clone(), feedback);
    }

    pub(super) fn feedback(&self, reference: &str) -> Option<Feedback> {
        self.tables().feedback.get(reference).cloned()
    }

    pub(super) fn count_preflight(&self, path: &str) {
        *self.tables().preflights.entry(path.to_owned()).or_default() += 1;
    }

    pub(super) fn preflights(&self, path: &str) -> Preflights {
        Preflights { preflights: self.tables().preflights.get(path).copied().unwrap_or_default() }
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        // No operation leaves a table half changed, so a poisoned lock is as good as any.
        self.0.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
