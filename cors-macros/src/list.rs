//! `routes![users, admin::remove]`: names of handlers. The compiler's errors about one point at its
//! name.
//!
//! A name is a value with its policy, and a type with the function:
//!
//! ```text
//! ::cors_axum::__private::route(admin::remove(), <admin::remove>::call)
//! ```

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Path, PathArguments};

use crate::crate_path::{self, Root};
use crate::expand::{Axum, Framework};
use crate::report::Report;
use crate::split;

/// `routes!`: handlers whose route attributes name their paths.
pub(crate) fn routes(framework: &dyn Framework, handlers: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let (path, handlers) = crate_path::take(framework.crate_path(), handlers, &mut report);
    list(framework, &path.root(), handlers, "route", report)
}

/// `cors_axum::methods!`: the handlers of a path that is named elsewhere.
pub(crate) fn methods(handlers: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let (path, handlers) = crate_path::take(Axum.crate_path(), handlers, &mut report);
    let root = path.root();
    let list = list(&Axum, &root, handlers, "method", report);
    quote! { #root::methods(#list) }
}

/// The place of a name, for what the compiler has to say about it; but as code of this macro,
/// which no lint of the user's is about.
fn at(name: &Path) -> Span {
    Span::mixed_site().located_at(name.span())
}

/// Each name is made one handler by a function, and all of them become the list.
fn list(
    framework: &dyn Framework,
    root: &Root,
    handlers: TokenStream,
    one: &str,
    mut report: Report,
) -> TokenStream {
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
    let handlers: Vec<TokenStream> = names
        .into_iter()
        .map(|name| {
            let one = Ident::new(one, at(&name));
            let (root, listed) = (root.at(at(&name)), framework.listed(&name, at(&name)));
            quote_spanned! { at(&name)=> #root::#one(#listed) }
        })
        .collect();
    // As code of this macro too: the compiler then looks for the name that an error is about.
    let list = framework.list(&root.at(Span::mixed_site()), &handlers);
    quote! {{ #report #list }}
}

/// A path without arguments.
fn read(piece: TokenStream) -> Option<Path> {
    let name: Path = syn::parse2(piece).ok()?;
    name.segments.iter().all(|it| matches!(it.arguments, PathArguments::None)).then_some(name)
}
