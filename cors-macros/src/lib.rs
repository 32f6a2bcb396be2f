//! The attribute and the macro that `cors-axum` and `cors-actix` export as `cors` and
//! `policy!`. Depend on one of those; their documentation is the documentation.
//!
//! This crate knows tokens. What a policy may say is known by `cors-core`, which it asks:
//!
//! ```text
//! tokens ──args──▶ Args ──lower──▶ PolicySpec + Spans ──check──▶ Policy ──expand──▶ tokens
//!                                                          └──▶ violations at spans
//! ```

// What panics here is a program that does not compile, without a message that says why.
#![cfg_attr(not(test), warn(clippy::indexing_slicing, clippy::string_slice, clippy::unreachable))]

mod args;
mod check;
mod crate_path;
mod expand;
mod function;
mod keys;
mod list;
mod lower;
mod module;
mod named;
mod report;
mod route;
mod split;
mod value;

#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

use crate::expand::{Actix, Axum, Framework};

#[doc = include_str!("../ATTRIBUTE.md")]
#[proc_macro_attribute]
pub fn cors_axum(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(&Axum, args.into(), item.into()).into()
}

#[doc = include_str!("../ATTRIBUTE.md")]
#[proc_macro_attribute]
pub fn cors_actix(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(&Actix, args.into(), item.into()).into()
}

/// `cors_axum::policy!`
#[proc_macro]
pub fn policy_axum(input: TokenStream) -> TokenStream {
    named::expand(Axum.crate_path(), input.into()).into()
}

/// `cors_actix::policy!`
#[proc_macro]
pub fn policy_actix(input: TokenStream) -> TokenStream {
    named::expand(Actix.crate_path(), input.into()).into()
}

/// `cors_axum::routes!`
#[proc_macro]
pub fn routes_axum(handlers: TokenStream) -> TokenStream {
    list::routes(&Axum, handlers.into()).into()
}

/// `cors_axum::methods!`
#[proc_macro]
pub fn methods_axum(handlers: TokenStream) -> TokenStream {
    list::methods(handlers.into()).into()
}

/// `cors_actix::routes!`
#[proc_macro]
pub fn routes_actix(handlers: TokenStream) -> TokenStream {
    list::routes(&Actix, handlers.into()).into()
}
