//! The attribute and the macros that `cors-axum` and `cors-actix` export. Depend on one of those;
//! their documentation is the documentation. Only [`policy!`] is used from here, in crates of
//! policies without a framework.
//!
//! This crate is about tokens. The rules are in `cors-core`, which it calls:
//!
//! ```text
//! tokens ──args──▶ Args ──lower──▶ PolicySpec + Spans ──check──▶ Policy ──expand──▶ tokens
//!                                                          └──▶ violations at spans
//! ```

// A panic here is a compile error without a readable message.
#![cfg_attr(not(test), warn(clippy::indexing_slicing, clippy::string_slice, clippy::unreachable))]

mod args;
mod check;
mod crate_path;
mod expand;
mod extend;
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

use crate::crate_path::CratePath;
use crate::expand::{Actix, Axum, Framework};

#[doc = include_str!("../ATTRIBUTE.md")]
#[proc_macro_attribute]
pub fn cors_axum(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(&Axum, &args.into(), item.into()).into()
}

#[doc = include_str!("../ATTRIBUTE.md")]
#[proc_macro_attribute]
pub fn cors_actix(args: TokenStream, item: TokenStream) -> TokenStream {
    expand::attribute(&Actix, &args.into(), item.into()).into()
}

/// Declares named policies for every framework, in a crate that services share.
///
/// Grammar and rules are those of `cors_axum::policy!` and `cors_actix::policy!`; what is declared is
/// a `cors_core::Policy`, which both take. The crate depends on two packages:
///
/// ```toml
/// [dependencies]
/// cors-core = { package = "cors-policy-core", version = "0.1" }
/// cors-macros = "0.1"
/// ```
///
/// Where the core has another path, write `crate`: `policy! { crate = my_facade::cors_core; ... }`.
///
/// # Examples
///
/// ```
/// // The crate `policies`:
/// cors_macros::policy! {
///     /// Who builds on our API.
///     pub static PARTNERS = { origins = ["https://partner.example.com"], credentials }
///
///     /// Those who administer it send one header more.
///     pub static ADMIN = { ..PARTNERS, headers = ["x-admin"] }
/// }
///
/// // A service on axum:
/// # mod policies { pub use super::PARTNERS; }
/// #[cors_axum::cors(policy = policies::PARTNERS)]
/// #[get("/reports")]
/// async fn reports() -> &'static str {
///     "..."
/// }
/// ```
#[proc_macro]
pub fn policy(input: TokenStream) -> TokenStream {
    let core = CratePath::published(quote::quote! { ::cors_core });
    named::expand(core, input.into()).into()
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
