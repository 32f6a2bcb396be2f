//! Runnable examples. Each module is one idea; the programs in `bin` start them, and the
//! workspace's tests run them.

pub mod candidate;
pub mod config;
pub mod demo;
pub mod gateway;
pub mod lock;
pub mod openapi;
pub mod poem_adapter;
pub mod shop;
pub mod shop_actix;
pub mod shop_axum;
pub mod tenants;

/// How a program ends: an error is printed in its own words, and not as it looks in the program.
#[must_use]
pub fn exit_code(result: Result<(), Box<dyn std::error::Error>>) -> std::process::ExitCode {
    match result {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}

/// What the workspace's README shows compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// What the guides show compiles. The sections of the migration guides are compiled by
/// `tests/guides`.
#[cfg(doctest)]
mod guides {
    #[doc = include_str!("../../docs/layers-and-order.md")]
    struct LayersAndOrder;
    #[doc = include_str!("../../docs/environments-and-tenants.md")]
    struct EnvironmentsAndTenants;
    #[doc = include_str!("../../docs/debugging.md")]
    struct Debugging;
    #[doc = include_str!("../../docs/candidate.md")]
    struct Candidate;
    #[doc = include_str!("../../docs/websockets-and-csrf.md")]
    struct WebSocketsAndCsrf;
    #[doc = include_str!("../../docs/testing.md")]
    struct Testing;
    #[doc = include_str!("../../docs/openapi.md")]
    struct OpenApi;
    #[doc = include_str!("../../docs/migrate-from-tower-http.md")]
    struct FromTowerHttp;
    #[doc = include_str!("../../docs/migrate-from-actix-cors.md")]
    struct FromActixCors;
}
