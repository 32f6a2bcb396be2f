//! What arrived at the servers, and what of it reached a handler.

use std::sync::{Arc, Mutex, MutexGuard};

use serde::Deserialize;

/// The page that the calls are made from, of every origin.
pub(super) const PAGE: &str = "<!doctype html><title>page</title><body>";

/// The body of the handlers: a script that says that it was loaded.
pub(super) const SCRIPT: &str = "window.loaded = true;";

/// Which call a request belongs to.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Call {
    pub(super) call: usize,
}

impl Call {
    /// Reads the query `call=N`.
    pub(super) fn of(query: Option<&str>) -> Option<usize> {
        query?.strip_prefix("call=")?.parse().ok()
    }
}

/// What the head of a request says about where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) method: String,
    pub(super) origin: Option<String>,
    pub(super) site: Option<String>,
    pub(super) mode: Option<String>,
}

impl Head {
    pub(super) fn read<'a>(method: &str, header: impl Fn(&str) -> Option<&'a str>) -> Self {
        let header = |name| header(name).map(str::to_owned);
        Self {
            method: method.to_owned(),
            origin: header("origin"),
            site: header("sec-fetch-site"),
            mode: header("sec-fetch-mode"),
        }
    }
}

#[derive(Debug, Default)]
struct Entry {
    head: Option<Head>,
    ran: bool,
}

/// All calls, by number; shared by the servers and the test.
#[derive(Debug, Clone, Default)]
pub(super) struct Record(Arc<Mutex<Vec<Entry>>>);

impl Record {
    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.0.lock().unwrap()
    }

    pub(super) fn new_call(&self) -> usize {
        let mut entries = self.entries();
        entries.push(Entry::default());
        entries.len() - 1
    }

    /// A request arrived, whether or not it is rejected.
    pub(super) fn arrived(&self, call: usize, head: Head) {
        self.entries()[call].head = Some(head);
    }

    /// A handler runs.
    pub(super) fn runs(&self, call: usize) {
        self.entries()[call].ran = true;
    }

    pub(super) fn head(&self, call: usize) -> Option<Head> {
        self.entries()[call].head.clone()
    }

    pub(super) fn ran(&self, call: usize) -> bool {
        self.entries()[call].ran
    }
}
