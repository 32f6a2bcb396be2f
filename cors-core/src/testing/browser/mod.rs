//! A browser for tests, after the [Fetch standard](https://fetch.spec.whatwg.org) and Chromium where
//! that differs.

mod cache;
mod call;
mod cause;
mod classify;
mod cookies;
mod cors_check;
mod failure;
mod fetch;
mod headers;
#[cfg(feature = "http1")]
mod http1;
mod list_values;
mod metadata;
mod mime;
#[cfg(feature = "testing-network")]
mod network;
mod page;
mod preflight;
mod redirect;
mod request;
mod resource_policy;
mod response;
mod safelist;
mod script;
mod site;
mod websocket;
mod why;
mod wire;
mod written;

pub use self::cause::PreflightCause;
pub use self::failure::Failure;
pub use self::fetch::{Exchange, Fetch, Next};
pub use self::headers::Headers;
#[cfg(feature = "testing-network")]
pub use self::network::{Network, NetworkError};
pub use self::page::{Browser, Page};
pub use self::request::{Cache, Credentials, Mode, Redirect, Request};
pub use self::response::{Response, ResponseKind};
pub use self::wire::{Exchanged, Incoming, NoResponse, Outgoing};
