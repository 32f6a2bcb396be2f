//! Runnable examples. Each module is one idea; the programs in `bin` start them, and the
//! workspace's tests run them.

pub mod config;
pub mod demo;
pub mod poem_adapter;
pub mod shop;
pub mod shop_actix;
pub mod shop_axum;
pub mod tenants;

/// What the workspace's README shows compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
