//! Everything that is wrong, at the place it is about; the only file that words layout.

use cors_core::Violation;
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// Collects errors, so that the first never hides the others.
#[derive(Default)]
pub(crate) struct Report {
    errors: Option<syn::Error>,
}

impl Report {
    /// An error of the syntax, with what to write instead.
    pub(crate) fn error(&mut self, span: Span, message: &str, help: &str) {
        self.push(syn::Error::new(span, words(message, help)));
    }

    /// The same about several tokens: a span of the first alone would point at an `=`.
    pub(crate) fn error_over(&mut self, tokens: impl ToTokens, message: &str, help: &str) {
        self.push(syn::Error::new_spanned(tokens, words(message, help)));
    }

    /// A violation of a rule, in the words of the core, with a note on what it is about.
    pub(crate) fn violation(&mut self, span: Span, violation: &Violation, note: Option<&str>) {
        self.push(match note {
            Some(note) => syn::Error::new(span, format!("{violation}\nnote: {note}")),
            None => syn::Error::new(span, violation),
        });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_none()
    }

    pub(crate) fn append(&mut self, other: Self) {
        if let Some(errors) = other.errors {
            self.push(errors);
        }
    }

    fn push(&mut self, error: syn::Error) {
        match &mut self.errors {
            Some(errors) => errors.combine(error),
            None => self.errors = Some(error),
        }
    }

    /// Each error by itself.
    #[cfg(test)]
    pub(crate) fn errors(self) -> Vec<syn::Error> {
        self.errors.into_iter().flatten().collect()
    }
}

fn words(message: &str, help: &str) -> String {
    format!("{message}\nhelp: {help}")
}

impl ToTokens for Report {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        if let Some(errors) = &self.errors {
            tokens.extend(errors.to_compile_error());
        }
    }
}
