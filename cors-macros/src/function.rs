//! The annotated function: read as far as needed, passed on as it was written.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Visibility};

/// A function, of which only the front is read: what the compiler has to say about the
/// rest, it says better than a macro.
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) name: Ident,
    /// Whether it stands in an `impl` block.
    pub(crate) is_method: bool,
    /// Everything behind the visibility.
    rest: TokenStream,
}

/// Why an item is not a function that can be annotated.
pub(crate) enum NotAFunction {
    /// It is something else, such as a struct.
    Other(Span),
    /// It could not be read at all.
    Unreadable,
}

impl Function {
    pub(crate) fn parse(item: TokenStream) -> Result<Self, NotAFunction> {
        let read = |input: ParseStream<'_>| {
            let attributes = Attribute::parse_outer(input)?;
            let visibility = input.parse()?;
            Ok((attributes, visibility, input.parse::<TokenStream>()?))
        };
        let (attributes, visibility, rest) =
            read.parse2(item).map_err(|_| NotAFunction::Unreadable)?;
        let mut tokens = rest.clone().into_iter().peekable();
        let start = tokens.peek().map_or_else(Span::call_site, TokenTree::span);
        // Before the `fn` only qualifiers can stand: `async`, `unsafe`, `extern "C"`.
        let is_qualifier = |token: &TokenTree| match token {
            TokenTree::Ident(word) => word != "fn",
            TokenTree::Literal(_) => true,
            _ => false,
        };
        while tokens.next_if(is_qualifier).is_some() {}
        let (Some(TokenTree::Ident(_)), Some(TokenTree::Ident(name))) =
            (tokens.next(), tokens.next())
        else {
            return Err(NotAFunction::Other(start));
        };
        let parameters = tokens.find_map(|token| match token {
            TokenTree::Group(group) => Some(group.stream()),
            _ => None,
        });
        let is_method = parameters.is_some_and(has_receiver);
        Ok(Self { attributes, visibility, name, is_method, rest })
    }

    /// The attributes that decide whether the function exists at all.
    pub(crate) fn conditions(&self) -> TokenStream {
        let conditions = self.attributes.iter().filter(|attribute| {
            attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr")
        });
        quote! { #(#conditions)* }
    }
}

/// Whether the first parameter is `self` in one of its forms.
fn has_receiver(parameters: TokenStream) -> bool {
    parameters
        .into_iter()
        .find_map(|token| match token {
            TokenTree::Ident(word) if word == "mut" => None,
            TokenTree::Ident(word) => Some(word == "self"),
            TokenTree::Punct(mark) if matches!(mark.as_char(), '&' | '\'') => None,
            _ => Some(false),
        })
        .unwrap_or(false)
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { attributes, visibility, rest, .. } = self;
        tokens.extend(quote! { #(#attributes)* #visibility #rest });
    }
}
