//! `routes![users, admin::remove]` for axum: each name stands for the function, and in the type
//! namespace for its companion.
//!
//! ```text
//! {
//!     use ::cors_axum::__private::without_policy::*;
//!     use admin::remove as __CorsHandler;
//!     ::cors_axum::__private::route::<__CorsHandler, _, _, _>(__CorsHandler)
//! }
//! ```
//!
//! A function without an attribute brings no companion along, and so the name in the type
//! namespace is another: that of a type which says what is missing.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Path, PathArguments};

use crate::expand::{Axum, Framework};
use crate::report::Report;
use crate::split;

/// Handlers whose route attributes name their paths.
pub(crate) fn routes(handlers: TokenStream) -> TokenStream {
    list(handlers, "route")
}

/// The handlers of a path that is named elsewhere.
pub(crate) fn methods(handlers: TokenStream) -> TokenStream {
    let root = Axum.root();
    let list = list(handlers, "method");
    quote! { #root::method_router(#list) }
}

/// The names, each made a list by a function, and all of them merged.
fn list(handlers: TokenStream, one: &str) -> TokenStream {
    let root = Axum.root();
    let one = Ident::new(one, Span::call_site());
    let mut report = Report::default();
    let mut names = Vec::new();
    for piece in split::at_commas(handlers, &mut report) {
        match read(piece.clone()) {
            Some(name) => names.push(name),
            None => report.error_over(
                &piece,
                "this is not the name of a handler",
                "write names of functions below `#[cors(...)]`, as in `routes![users, admin::remove]`",
            ),
        }
    }
    let entries = names.iter().map(|name| {
        // What the compiler has to say about a handler, it says at its name.
        quote_spanned! { name.span()=>
            {
                #[allow(unused_imports)]
                use #root::without_policy::*;
                #[allow(unused_imports)]
                use #name as __CorsHandler;
                #root::#one::<__CorsHandler, _, _, _>(__CorsHandler)
            }
        }
    });
    quote! {{ #report #root::Routes::new() #(.merge(#entries))* }}
}

/// A path that `use` takes.
fn read(piece: TokenStream) -> Option<Path> {
    let name: Path = syn::parse2(piece).ok()?;
    name.segments.iter().all(|it| matches!(it.arguments, PathArguments::None)).then_some(name)
}
