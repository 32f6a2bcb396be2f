//! What a real browser lets pages on real origins see and do, in headless Chromium.
//!
//! Needs `chromium` and `chromedriver`, from the search path or named by the environment
//! variables `CHROMIUM` and `CHROMEDRIVER`. Without them nothing is tested, and that is said
//! aloud; with `CI=true` it is a failure.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

mod demo;
mod enforce;
mod explore;
mod keyboard;
mod usable;
