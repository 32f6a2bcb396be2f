//! The annotated function: read as far as needed, passed on as it was written.

use std::collections::VecDeque;

use proc_macro2::{Delimiter, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
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
    /// Whether it has a return type.
    pub(crate) returns: bool,
    is_async: bool,
    /// What stands between its parentheses.
    parameters: TokenStream,
    /// What stands between its parameters and its body.
    output: TokenStream,
    /// Everything behind the visibility.
    rest: TokenStream,
}

/// An item is something else, such as a struct, from here on.
pub(crate) struct NotAFunction(pub(crate) Span);

impl Function {
    pub(crate) fn parse(item: TokenStream) -> Result<Self, NotAFunction> {
        let (attributes, visibility, rest) =
            read_front(item).map_err(|error| NotAFunction(error.span()))?;
        let mut tokens = rest.clone().into_iter().peekable();
        let start = tokens.peek().map_or_else(Span::call_site, TokenTree::span);
        // Before the `fn` only qualifiers can stand: `async`, `unsafe`, `extern "C"`.
        let is_qualifier = |token: &TokenTree| match token {
            TokenTree::Ident(word) => word != "fn",
            TokenTree::Literal(_) => true,
            _ => false,
        };
        let mut is_async = false;
        while let Some(qualifier) = tokens.next_if(is_qualifier) {
            is_async |= matches!(&qualifier, TokenTree::Ident(word) if word == "async");
        }
        let (Some(TokenTree::Ident(_)), Some(TokenTree::Ident(name))) =
            (tokens.next(), tokens.next())
        else {
            return Err(NotAFunction(start));
        };
        let parameters = tokens.find_map(|token| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
                Some(group.stream())
            }
            _ => None,
        });
        let parameters = parameters.unwrap_or_default();
        let is_method = has_receiver(parameters.clone());
        let is_body = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        let output: Vec<TokenTree> = tokens.take_while(|token| !is_body(token)).collect();
        let returns =
            matches!(output.first(), Some(TokenTree::Punct(mark)) if mark.as_char() == '-');
        let output = output.into_iter().collect();
        Ok(Self {
            attributes,
            visibility,
            name,
            is_method,
            returns,
            is_async,
            parameters,
            output,
            rest,
        })
    }

    /// The function as the associated function `call` of a type that has its name.
    ///
    /// Where attributes of other macros stand on it, they shall see its own name (a span of
    /// `tracing`, a check of axum): then it is an item inside of `call`, which calls it.
    pub(crate) fn as_call(&self) -> TokenStream {
        if self.attributes.iter().all(is_inert) {
            return self.renamed();
        }
        let Self { attributes, visibility, name, parameters, output, rest, .. } = self;
        let (documentation, attributes): (Vec<_>, Vec<_>) =
            attributes.iter().partition(|it| it.path().is_ident("doc"));
        let types: Vec<TokenStream> = parameter_types(parameters.clone());
        let names: Vec<Ident> =
            (0..types.len()).map(|index| format_ident!("__parameter_{index}")).collect();
        let output = match (self.is_async, self.returns) {
            (true, true) => {
                let output: TokenStream = output.clone().into_iter().skip(2).collect();
                quote! { -> impl ::core::future::Future<Output = #output> }
            }
            (true, false) => quote! { -> impl ::core::future::Future<Output = ()> },
            (false, _) => output.clone(),
        };
        quote! {
            #(#documentation)*
            #visibility fn call(#(#names: #types),*) #output {
                #(#attributes)*
                #rest
                #name(#(#names),*)
            }
        }
    }

    /// How many arguments it takes; not known where a condition is on one of them.
    pub(crate) fn arguments(&self) -> Option<usize> {
        let is_attribute = |token| matches!(token, TokenTree::Punct(mark) if mark.as_char() == '#');
        let is_conditional = self.parameters.clone().into_iter().any(is_attribute);
        (!is_conditional).then(|| parameter_types(self.parameters.clone()).len())
    }

    /// The function under the name `call`.
    fn renamed(&self) -> TokenStream {
        let Self { attributes, visibility, rest, .. } = self;
        let mut is_name = false;
        let mut is_renamed = false;
        let rest = rest.clone().into_iter().map(|token| {
            if is_name && !is_renamed {
                is_renamed = true;
                return TokenTree::from(Ident::new("call", token.span()));
            }
            is_name = matches!(&token, TokenTree::Ident(word) if word == "fn");
            token
        });
        let rest: TokenStream = rest.collect();
        quote! { #(#attributes)* #visibility #rest }
    }

    /// Refuses a second `#[cors]`, and removes it, so that it reports no error of its own.
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
    read_front(item.clone()).map_or(item, |(mut attributes, visibility, rest)| {
        attributes.retain(|attribute| !is_route(attribute) && !is_cors(attribute));
        quote! { #(#attributes)* #visibility #rest }
    })
}

/// Attributes, visibility, and the rest as it is: a parser looks at all that it is given, and a body
/// is long.
fn read_front(item: TokenStream) -> syn::Result<(Vec<Attribute>, Visibility, TokenStream)> {
    let mut rest: VecDeque<TokenTree> = item.into_iter().collect();
    let mut front = Vec::new();
    while let Some(token) = rest.pop_front() {
        let is_behind_pub = matches!(front.last(), Some(TokenTree::Ident(word)) if word == "pub");
        let is_front = match &token {
            // What a `macro_rules!` macro passes on, such as `$vis`.
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
                tokens.into_iter().rev().for_each(|token| rest.push_front(token));
                continue;
            }
            TokenTree::Group(group) => match group.delimiter() {
                Delimiter::Parenthesis => is_behind_pub,
                delimiter => delimiter == Delimiter::Bracket,
            },
            TokenTree::Punct(mark) => mark.as_char() == '#',
            TokenTree::Ident(word) => word == "pub",
            TokenTree::Literal(_) => false,
        };
        if !is_front {
            rest.push_front(token);
            break;
        }
        front.push(token);
    }
    let read = |input: ParseStream<'_>| Ok((Attribute::parse_outer(input)?, input.parse()?));
    let (attributes, visibility) = read.parse2(front.into_iter().collect())?;
    Ok((attributes, visibility, rest.into_iter().collect()))
}

/// Whether it is `#[cors(...)]`, by whatever path.
pub(crate) fn is_cors(attribute: &Attribute) -> bool {
    attribute.path().segments.last().is_some_and(|last| last.ident == "cors")
}

/// Whether an attribute is the compiler's own, or a tool's, and changes no names.
pub(crate) fn is_inert(attribute: &Attribute) -> bool {
    const INERT: [&str; 16] = [
        "allow",
        "cfg",
        "clippy",
        "cold",
        "deny",
        "deprecated",
        "diagnostic",
        "doc",
        "expect",
        "forbid",
        "inline",
        "must_use",
        "rustfmt",
        "track_caller",
        "warn",
        "cfg_attr",
    ];
    attribute.path().segments.first().is_some_and(|first| INERT.iter().any(|it| first.ident == it))
}

/// The types of parameters: what follows the colon of each.
fn parameter_types(parameters: TokenStream) -> Vec<TokenStream> {
    let mut types = Vec::new();
    let mut kind: Option<TokenStream> = None;
    let mut depth = 0_usize;
    let mut before: Option<char> = None;
    let mut tokens = parameters.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let mark = match &token {
            TokenTree::Punct(mark) => Some(mark.as_char()),
            _ => None,
        };
        // `a: ::b::C` has three colons in a row, and the first one stands alone.
        let is_path = match (&token, tokens.peek()) {
            (TokenTree::Punct(mark), Some(TokenTree::Punct(next))) => {
                mark.spacing() == Spacing::Joint && next.as_char() == ':'
            }
            _ => false,
        };
        match (mark, &mut kind) {
            (Some(','), _) if depth == 0 => types.extend(kind.take()),
            (Some(':'), None) if depth == 0 && before != Some(':') && !is_path => {
                kind = Some(TokenStream::new());
            }
            (mark, kind) => {
                match mark {
                    Some('<') => depth += 1,
                    // The arrow of a function's type closes nothing.
                    Some('>') if before != Some('-') => depth = depth.saturating_sub(1),
                    _ => {}
                }
                if let Some(kind) = kind {
                    kind.extend([token]);
                }
            }
        }
        before = mark;
    }
    types.extend(kind);
    types
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
