//! `crate = PATH`: where the crate is that expanded code is made of, for a facade that exports it
//! again, and for a dependency that has another name.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned as _;

use crate::report::Report;
use crate::{split, value};

/// The path of the hidden module that expanded code is made of.
///
/// It is written in many places, and to copy a `TokenStream` is a call to the compiler. Single tokens are
/// copied without one.
#[derive(Clone)]
pub(crate) struct Root {
    path: Vec<TokenTree>,
    is_written: bool,
}

impl Root {
    /// The same tokens, at one place.
    pub(crate) fn at(&self, span: Span) -> Self {
        let mut path = self.path.clone();
        for token in &mut path {
            token.set_span(span);
        }
        Self { path, ..*self }
    }

    /// The same tokens at one place, unless the user has written them.
    pub(crate) fn published_at(&self, span: Span) -> Self {
        if self.is_written { self.clone() } else { self.at(span) }
    }

    /// The span of what is expanded at a place of the user's code.
    ///
    /// With a span of the user's, code is not checked again where it has only moved because of a change above
    /// it; with a span of the macro, it is. But then lints apply to a path to the crate that is written, so
    /// that keeps the span of the macro.
    pub(crate) fn span(&self, place: Span) -> Span {
        if self.is_written { Span::mixed_site().located_at(place) } else { place }
    }
}

impl ToTokens for Root {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.path.iter().cloned());
    }
}

/// The path of a crate, as the code that is expanded reaches it.
#[derive(Clone)]
pub(crate) struct CratePath {
    path: TokenStream,
    /// Where the user has written it.
    written: Option<Span>,
}

impl CratePath {
    /// A crate under the name that it is published with.
    pub(crate) fn published(path: TokenStream) -> Self {
        Self { path, written: None }
    }

    pub(crate) fn written(path: &Path) -> Self {
        Self { path: path.to_token_stream(), written: Some(path.span()) }
    }

    /// The hidden module that expanded code is made of.
    pub(crate) fn root(&self) -> Root {
        let path = self.member("__private").into_iter().collect();
        Root { path, is_written: self.written.is_some() }
    }

    /// The path of the attribute.
    pub(crate) fn attribute(&self) -> TokenStream {
        self.member("cors")
    }

    /// A path that leads nowhere is the compiler's to explain, at the path.
    fn member(&self, name: &str) -> TokenStream {
        let span = Span::call_site();
        let span = self.written.map_or(span, |written| span.located_at(written));
        let (path, name) = (&self.path, Ident::new(name, span));
        quote_spanned! { span=> #path::#name }
    }

    /// The same as a key; nothing where it is the default.
    pub(crate) fn key(&self) -> Option<TokenStream> {
        let path = &self.path;
        self.written.map(|_| quote! { crate = #path })
    }

    /// The same crate from inside of a module that stands here.
    pub(crate) fn inside(&self) -> Self {
        let mut tokens = self.path.clone().into_iter();
        let path = match tokens.next() {
            Some(TokenTree::Ident(first)) if first == "self" => {
                let super_ = Ident::new("super", first.span());
                quote! { #super_ #(#tokens)* }
            }
            Some(TokenTree::Ident(first)) if first == "super" => {
                quote! { super::#first #(#tokens)* }
            }
            _ => self.path.clone(),
        };
        Self { path, written: self.written }
    }
}

/// Takes `crate = PATH;` off the front of what a macro is given.
pub(crate) fn take(
    default: CratePath,
    input: TokenStream,
    report: &mut Report,
) -> (CratePath, TokenStream) {
    let tokens = split::bare(input);
    let [TokenTree::Ident(key), rest @ ..] = tokens.as_slice() else {
        return (default, tokens.into_iter().collect());
    };
    // Paths of handlers may begin with `crate` too.
    let is_key = matches!(rest.first(), Some(TokenTree::Punct(mark)) if mark.as_char() == '=');
    if key != "crate" || !is_key {
        return (default, tokens.into_iter().collect());
    }
    let (value, rest) = rest.split_at(rest.iter().position(is_end).unwrap_or(rest.len()));
    let path = value::read_crate(key, &value.iter().cloned().collect(), report);
    let (mark, rest) = match rest {
        [TokenTree::Punct(mark), rest @ ..] if mark.as_char() != '#' => (Some(mark), rest),
        rest => (None, rest),
    };
    if path.is_some() && mark.is_none_or(|mark| mark.as_char() != ';') {
        let help = "write a semicolon behind the path, as in `crate = my_facade::cors_axum;`";
        let message = "a semicolon is missing behind the path of `crate`";
        match mark {
            Some(comma) => report.error(comma.span(), message, help),
            None => {
                report.error_over(value.iter().cloned().collect::<TokenStream>(), message, help);
            }
        }
    }
    let path = path.map_or(default, |path| CratePath::written(&path));
    (path, rest.iter().cloned().collect())
}

/// Whether a path cannot go on with it: what follows a mistake is read all the same.
fn is_end(token: &TokenTree) -> bool {
    match token {
        TokenTree::Punct(mark) => matches!(mark.as_char(), ';' | ',' | '#'),
        TokenTree::Ident(word) => word == "static" || word == "pub",
        _ => false,
    }
}
