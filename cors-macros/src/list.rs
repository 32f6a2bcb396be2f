//! `routes![users, admin::remove]`: names of handlers, and what the compiler has to say about
//! one, said at its name.
//!
//! For actix-web a name is a value that knows its policy. For axum it stands for the function,
//! and in the type namespace for its companion:
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

use crate::expand::{Actix, Axum, Framework};
use crate::report::Report;
use crate::split;

/// `cors_axum::routes!`: handlers whose route attributes name their paths.
pub(crate) fn axum_routes(handlers: TokenStream) -> TokenStream {
    axum_list(handlers, "route")
}

/// `cors_axum::methods!`: the handlers of a path that is named elsewhere.
pub(crate) fn axum_methods(handlers: TokenStream) -> TokenStream {
    let root = Axum.root();
    let list = axum_list(handlers, "method");
    quote! { #root::method_router(#list) }
}

/// `cors_actix::routes!`
pub(crate) fn actix_routes(handlers: TokenStream) -> TokenStream {
    list(&Actix, handlers, |name| quote_spanned! { name.span()=> .with(&#name) })
}

/// Each name is made a list by a function, and all of them are merged.
fn axum_list(handlers: TokenStream, one: &str) -> TokenStream {
    let root = Axum.root();
    let one = Ident::new(one, Span::call_site());
    list(&Axum, handlers, |name| {
        quote_spanned! { name.span()=>
            .merge({
                #[allow(unused_imports)]
                use #root::without_policy::*;
                #[allow(unused_imports)]
                use #name as __CorsHandler;
                #root::#one::<__CorsHandler, _, _, _>(__CorsHandler)
            })
        }
    })
}

/// An empty list, and what adds a handler to it for each name.
fn list(
    framework: &dyn Framework,
    handlers: TokenStream,
    add: impl Fn(Path) -> TokenStream,
) -> TokenStream {
    let root = framework.root();
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
    let additions = names.into_iter().map(add);
    quote! {{ #report #root::Routes::new() #(#additions)* }}
}

/// A path without arguments.
fn read(piece: TokenStream) -> Option<Path> {
    let name: Path = syn::parse2(piece).ok()?;
    name.segments.iter().all(|it| matches!(it.arguments, PathArguments::None)).then_some(name)
}
