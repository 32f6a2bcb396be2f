//! `routes![users, admin::remove]`: names of handlers, and what the compiler has to say about
//! one, said at its name.
//!
//! For actix-web a name is a value that knows its policy. For axum it stands for the function,
//! and in the type namespace for its companion:
//!
//! ```text
//! ::cors_axum::__private::route(<admin::remove as Annotated>::companion(), admin::remove)
//! ```
//!
//! An import would resolve the companion too, with a fallback for functions that have none. But
//! imports find ambiguity where paths find none: a handler `metrics` beside a crate `metrics`.

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
    list(&Actix, handlers, |name| quote_spanned! { at(&name)=> .with(&#name) })
}

/// Each name is made a list by a function, and all of them are merged.
fn axum_list(handlers: TokenStream, one: &str) -> TokenStream {
    let root = Axum.root();
    let one = Ident::new(one, Span::call_site());
    list(&Axum, handlers, |name| {
        quote_spanned! { at(&name)=>
            .merge(#root::#one(<#name as #root::Annotated>::companion(), #name))
        }
    })
}

/// The place of a name, for what the compiler has to say about it; but as code of this macro,
/// which no lint of the user's is about.
fn at(name: &Path) -> Span {
    Span::mixed_site().located_at(name.span())
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
