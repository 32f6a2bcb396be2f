//! `routes![users, admin::remove]`: names of handlers. The compiler's errors about one point at its
//! name.
//!
//! A name is a value with its policy, and a type with the function:
//!
//! ```text
//! ::cors_axum::__private::route(admin::remove(), <admin::remove>::call)
//! ```

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
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
    list(framework, &path.root(), handlers, "route", report).tokens
}

/// `cors_axum::methods!`: the handlers of a path that is named elsewhere.
pub(crate) fn methods(handlers: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let (path, handlers) = crate_path::take(Axum.crate_path(), handlers, &mut report);
    let root = path.root();
    let List { span, tokens } = list(&Axum, &root, handlers, "method", report);
    let root = root.at(span);
    quote_spanned! { span=> #root::methods(#tokens) }
}

/// A list of handlers, as an expression.
struct List {
    /// The whole macro.
    span: Span,
    tokens: TokenStream,
}

/// Each name is made one handler by a function, and all of them become the list.
fn list(
    framework: &dyn Framework,
    root: &Root,
    handlers: TokenStream,
    one: &str,
    mut report: Report,
) -> List {
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
    let here = Span::call_site();
    let place = names.first().map_or(here, |first| here.resolved_at(first.span()));
    let span = root.span(place);
    let handlers = names.into_iter().map(|name| {
        let span = root.span(name.span());
        let (root, one) = (root.at(span), Ident::new(one, span));
        let listed = framework.listed(&name, span);
        quote_spanned! { span=> #root::#one(#listed) }
    });
    let handlers: Vec<TokenStream> = handlers.collect();
    let list = framework.list(&root.at(span), &handlers, span);
    // Braces around nothing else would be a warning.
    let tokens = if report.is_empty() {
        list
    } else {
        quote_spanned! { span=> { #report #list } }
    };
    List { span, tokens }
}

/// A path without arguments.
fn read(piece: TokenStream) -> Option<Path> {
    let name: Path = syn::parse2(piece).ok()?;
    name.segments.iter().all(|it| matches!(it.arguments, PathArguments::None)).then_some(name)
}
