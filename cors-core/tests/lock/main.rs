//! A lock of a route table is read back as it was written, and two of them are compared by what they
//! mean.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

mod changes;
mod document;
mod sampled;

use cors_core::adapter::{Endpoint, EndpointId, Methods, Route};
use cors_core::{PolicyRef, RouteTable, TableLock};

fn route(methods: &[&'static str], path: &str, policy: impl Into<PolicyRef>) -> Route {
    Route::new(
        path,
        Methods::of(methods),
        EndpointId::unique(),
        Endpoint::new("app::handler", "src/app.rs:1", policy),
    )
}

/// Written, and read back.
fn committed(table: &RouteTable) -> TableLock {
    let written = toml::to_string(table).unwrap();
    let read: TableLock = toml::from_str(&written).unwrap();
    assert_eq!(toml::to_string(&read).unwrap(), written);
    read
}
