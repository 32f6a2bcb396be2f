//! What the tests of the workspace share: one table of cases, and the engines it is run
//! against.
//!
//! Behaviour is declared in `cases/*.toml` and nowhere else, so that the core and the adapters
//! cannot drift apart: each file opens with what it is about, and every case runs on the core
//! alone, on axum and on actix-web, by annotations and by layers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on must stop"
)]

use std::sync::LazyLock;

pub mod chromium;
pub mod dice;
pub mod engine;
pub mod gateway;
pub mod model;
pub mod run;
pub mod seen;

mod canned;

mod sources {
    include!(concat!(env!("OUT_DIR"), "/sources.rs"));
}

/// The table, as the build script saw it.
#[must_use]
pub fn topics() -> &'static [model::Topic] {
    static TOPICS: LazyLock<Vec<model::Topic>> = LazyLock::new(|| {
        sources::SOURCES.iter().map(|(name, text)| model::Topic::parse(name, text)).collect()
    });
    &TOPICS
}
