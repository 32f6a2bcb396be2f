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
        self.push(syn::Error::new(span, format!("{message}\nhelp: {help}")));
    }

    /// A violation of a rule, in the words of the core.
    pub(crate) fn violation(&mut self, span: Span, violation: &Violation) {
        self.push(syn::Error::new(span, violation));
    }

    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.errors {
            Some(errors) => errors.combine(error),
            None => self.errors = Some(error),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_none()
    }
}

impl ToTokens for Report {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        if let Some(errors) = &self.errors {
            tokens.extend(errors.to_compile_error());
        }
    }
}
