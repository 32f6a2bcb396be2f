//! The annotated function: read as far as needed, passed on as it was written.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Visibility};

use crate::report::Report;
use crate::route::is_route;

/// A function, of which only the front is read: what the compiler has to say about the
/// rest, it says better than a macro.
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) name: Ident,
    /// Whether it stands in an `impl` block.
    pub(crate) is_method: bool,
    /// Whether it says what it returns.
    pub(crate) returns: bool,
    /// Everything behind the visibility.
    rest: TokenStream,
}

/// An item is something else, such as a struct, from here on.
pub(crate) struct NotAFunction(pub(crate) Span);

impl Function {
    pub(crate) fn parse(item: TokenStream) -> Result<Self, NotAFunction> {
        let (attributes, visibility, rest) =
            read_front.parse2(item).map_err(|error| NotAFunction(error.span()))?;
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
            return Err(NotAFunction(start));
        };
        let parameters = tokens.find_map(|token| match token {
            TokenTree::Group(group) => Some(group.stream()),
            _ => None,
        });
        let is_method = parameters.is_some_and(has_receiver);
        let returns =
            matches!(tokens.next(), Some(TokenTree::Punct(mark)) if mark.as_char() == '-');
        Ok(Self { attributes, visibility, name, is_method, returns, rest })
    }

    /// Refuses a second `#[cors]`, and takes it away so that it says nothing of its own.
    pub(crate) fn refuse_second(&mut self, report: &mut Report) {
        let name = &self.name;
        self.attributes.retain(|attribute| {
            let is_second = is_cors(attribute);
            if is_second {
                report.error_over(
                    attribute.path(),
                    &format!("`{name}` has more than one `#[cors]`"),
                    "a handler has one policy: keep one of them, and give another route a handler \
                     of its own",
                );
            }
            !is_second
        });
    }
}

/// An item as it was, without the attributes that make sense on functions alone.
pub(crate) fn without_routes(item: TokenStream) -> TokenStream {
    read_front.parse2(item.clone()).map_or(item, |(mut attributes, visibility, rest)| {
        attributes.retain(|attribute| !is_route(attribute) && !is_cors(attribute));
        quote! { #(#attributes)* #visibility #rest }
    })
}

fn read_front(input: ParseStream<'_>) -> syn::Result<(Vec<Attribute>, Visibility, TokenStream)> {
    Ok((Attribute::parse_outer(input)?, input.parse()?, input.parse()?))
}

/// Whether it is `#[cors(...)]`, by whatever path.
pub(crate) fn is_cors(attribute: &Attribute) -> bool {
    attribute.path().segments.last().is_some_and(|last| last.ident == "cors")
}

/// Whether the first parameter is `self` in one of its forms.
fn has_receiver(parameters: TokenStream) -> bool {
    let mut tokens = parameters.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(word) if word == "mut" => {}
            TokenTree::Ident(word) => return word == "self",
            TokenTree::Punct(mark) if mark.as_char() == '&' => {}
            // The name of a lifetime, as in `&'a self`.
            TokenTree::Punct(mark) if mark.as_char() == '\'' => drop(tokens.next()),
            _ => return false,
        }
    }
    false
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { attributes, visibility, rest, .. } = self;
        tokens.extend(quote! { #(#attributes)* #visibility #rest });
    }
}
