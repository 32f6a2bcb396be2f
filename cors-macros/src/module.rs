//! `#[cors(...)]` on an inline module: the default of the handlers in it. An annotation on
//! a handler, or on a module inside, replaces the default whole; nothing is ever merged. What may be a
//! handler and is not seen here would have no policy, so it is refused.
//!
//! ```text
//! mod api {
//!     static __CORS_DEFAULT: Policy = ...;
//!
//!     #[::cors_axum::cors(policy = __CORS_DEFAULT)]
//!     #[get("/users")]
//!     async fn users() { ... }
//! }
//! ```

use std::collections::VecDeque;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

use crate::check::Checked;
use crate::crate_path::CratePath;
use crate::expand::policy::Static;
use crate::function::{is_cors, is_inert};
use crate::report::Report;
use crate::route::{is_named, is_route, takes_path};

/// The name of the default, which handlers reach as `super::...` from modules inside.
const DEFAULT: &str = "__CORS_DEFAULT";

/// An inline module: `mod name { items }`, with what stands in front of it.
pub(crate) struct Module {
    front: TokenStream,
    items: Group,
}

impl Module {
    /// Reads an inline module; `None` for any other item.
    pub(crate) fn parse(item: TokenStream) -> Option<Self> {
        let mut front: Vec<TokenTree> = item.into_iter().collect();
        let TokenTree::Group(items) = front.pop()? else { return None };
        let [.., TokenTree::Ident(keyword), TokenTree::Ident(_)] = front.as_slice() else {
            return None;
        };
        if keyword != "mod" || items.delimiter() != Delimiter::Brace {
            return None;
        }
        Some(Self { front: front.into_iter().collect(), items })
    }

    /// The module, with `policy` as the default of its handlers. `inside` is the path of the
    /// adapter from in there.
    pub(crate) fn expand(
        &self,
        inside: &CratePath,
        policy: Option<&Checked>,
        report: &mut Report,
    ) -> TokenStream {
        let Self { front: front_of_module, items } = self;
        let name = Ident::new(DEFAULT, Span::mixed_site());
        let annotated = annotate(items.stream(), inside, &quote! { #name }, report);
        let front = quote! { #[allow(dead_code)] };
        let policy =
            Static { root: &inside.root(), front, name: &name, before: TokenStream::new() }
                .expand(policy);
        quote! {
            #front_of_module {
                #annotated
                #policy
            }
        }
    }
}

/// Puts the attribute above every handler that has a route attribute and no `#[cors]`. What may be a
/// handler and cannot be seen from here is refused: it would have no policy.
fn annotate(
    items: TokenStream,
    path: &CratePath,
    policy: &TokenStream,
    report: &mut Report,
) -> TokenStream {
    let (cors, key) = (path.attribute(), path.key().into_iter());
    let attribute = quote! { #[#cors(policy = #policy #(, #key)*)] };
    let mut output = TokenStream::new();
    let mut rest: VecDeque<TokenTree> = items.into_iter().collect();
    while let Some(item) = Item::take(&mut rest) {
        let attributes = item.attributes();
        let has_cors = attributes.iter().any(is_cors);
        match item.kind() {
            Kind::Module(_) if has_cors => item.to_tokens(&mut output),
            Kind::Module(items) => {
                refuse_other_names(&attributes, report);
                let policy = quote! { super::#policy };
                let inside = annotate(items.stream(), &path.inside(), &policy, report);
                output.extend(item.front());
                output.extend([TokenTree::from(Group::new(Delimiter::Brace, inside))]);
            }
            Kind::MacroCall(name) => {
                if !MAKE_NO_HANDLERS.iter().any(|it| name == it) {
                    report.error(
                        name.span(),
                        &format!(
                            "what `{name}!` makes may be handlers, which the `#[cors]` of the \
                             module does not see"
                        ),
                        "call it outside of the module, and write `#[cors(...)]` above the handlers \
                         that it makes",
                    );
                }
                item.to_tokens(&mut output);
            }
            Kind::MacroRules => item.to_tokens(&mut output),
            Kind::Other => {
                if attributes.iter().any(is_route) && !has_cors {
                    output.extend(attribute.clone());
                } else if !has_cors {
                    refuse_conditional_routes(&attributes, report);
                    if item.may_be_handler(&attributes) {
                        refuse_other_routes(&attributes, report);
                    }
                }
                refuse_inside(&item.tokens, report);
                item.to_tokens(&mut output);
            }
        }
    }
    output
}

/// Macros of which it is known that they make no handlers.
const MAKE_NO_HANDLERS: [&str; 4] = ["compile_error", "lazy_static", "policy", "thread_local"];

/// An item of a module, as far as it matters here.
struct Item {
    /// What stands in the brackets of its attributes.
    brackets: Vec<(TokenTree, Group)>,
    tokens: Vec<TokenTree>,
}

/// What an item is.
enum Kind<'a> {
    Module(&'a Group),
    MacroCall(&'a Ident),
    MacroRules,
    Other,
}

impl Item {
    /// The next item; it ends with a semicolon or with braces. An attribute of the module itself is one too.
    fn take(rest: &mut VecDeque<TokenTree>) -> Option<Self> {
        let mut item = Self { brackets: Vec::new(), tokens: Vec::new() };
        loop {
            match rest.pop_front()? {
                // What a `macro_rules!` macro passes on, such as `$item`.
                TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
                    tokens.into_iter().rev().for_each(|token| rest.push_front(token));
                }
                TokenTree::Punct(hash)
                    if hash.as_char() == '#'
                        && matches!(rest.front(), Some(TokenTree::Group(_))) =>
                {
                    if let Some(TokenTree::Group(brackets)) = rest.pop_front() {
                        item.brackets.push((hash.into(), brackets));
                    }
                }
                TokenTree::Punct(hash)
                    if hash.as_char() == '#'
                        && matches!(rest.front(), Some(TokenTree::Punct(_))) =>
                {
                    item.tokens.push(hash.into());
                    item.tokens.extend(rest.drain(..rest.len().min(2)));
                    return Some(item);
                }
                first => {
                    rest.push_front(first);
                    break;
                }
            }
            // Attributes that nothing follows.
            if rest.is_empty() {
                return Some(item);
            }
        }
        while let Some(token) = rest.pop_front() {
            let is_end = match &token {
                TokenTree::Punct(mark) => mark.as_char() == ';',
                TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                _ => false,
            };
            item.tokens.push(token);
            if is_end {
                break;
            }
        }
        Some(item)
    }

    /// Whether it is an asynchronous function, and no test.
    fn may_be_handler(&self, attributes: &[Attribute]) -> bool {
        let has = |word: &str| {
            self.tokens.iter().any(|token| matches!(token, TokenTree::Ident(it) if it == word))
        };
        has("async") && has("fn") && !attributes.iter().any(|it| is_named(it, "test"))
    }

    fn attributes(&self) -> Vec<Attribute> {
        self.brackets.iter().filter_map(|(_, brackets)| read(brackets)).collect()
    }

    fn kind(&self) -> Kind<'_> {
        let is_path = |token: &TokenTree| match token {
            TokenTree::Ident(_) => true,
            TokenTree::Punct(mark) => mark.as_char() == ':',
            _ => false,
        };
        match self.tokens.as_slice() {
            [.., TokenTree::Ident(keyword), TokenTree::Ident(_), TokenTree::Group(items)]
                if keyword == "mod" =>
            {
                Kind::Module(items)
            }
            [TokenTree::Ident(name), TokenTree::Punct(_), TokenTree::Ident(_), ..]
                if name == "macro_rules" =>
            {
                Kind::MacroRules
            }
            tokens => {
                let path = tokens.iter().take_while(|it| is_path(it)).count();
                match (tokens.get(..path), tokens.get(path), tokens.get(path + 1)) {
                    (
                        Some([.., TokenTree::Ident(name)]),
                        Some(TokenTree::Punct(mark)),
                        Some(TokenTree::Group(_)),
                    ) if mark.as_char() == '!' => Kind::MacroCall(name),
                    _ => Kind::Other,
                }
            }
        }
    }

    /// All but what ends it.
    fn front(&self) -> impl Iterator<Item = TokenTree> {
        let attributes = self.brackets.iter().cloned();
        let attributes = attributes.flat_map(|(hash, brackets)| [hash, brackets.into()]);
        attributes.chain(self.tokens.iter().rev().skip(1).rev().cloned())
    }
}

impl ToTokens for Item {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.front());
        tokens.extend(self.tokens.last().cloned());
    }
}

/// Refuses attributes of a module that may be `cors` under another name.
fn refuse_other_names(attributes: &[Attribute], report: &mut Report) {
    for attribute in attributes {
        if let Some(hidden) = conditional(attribute).iter().find(|it| is_named(it, "cors")) {
            report.error_over(
                hidden.path(),
                "a condition is on the `cors` of a module, whose handlers have the policy of the \
                 module around it either way",
                "put the condition on the module, as in `#[cfg(...)] #[cors(...)] mod name { ... }`",
            );
        } else if !is_inert(attribute) && !is_of_modules(attribute) {
            let name = written(attribute);
            report.error_over(
                attribute.path(),
                &format!(
                    "`{name}` is on a module inside of one with `#[cors]`, and may be `cors` under \
                     another name"
                ),
                "write `cors` by that name, or move the module out of the one around it",
            );
        }
    }
}

/// Attributes of modules that declare no policy: the compiler's, and actix-web's `#[scope("/path")]`.
fn is_of_modules(attribute: &Attribute) -> bool {
    ["macro_use", "path", "scope"].iter().any(|name| is_named(attribute, name))
}

/// Refuses route attributes under a condition.
fn refuse_conditional_routes(attributes: &[Attribute], report: &mut Report) {
    for hidden in attributes.iter().flat_map(conditional).filter(is_route) {
        report.error_over(
            hidden.path(),
            "a condition is on a route attribute, and the `#[cors]` of the module does not see it",
            "put the condition on the handler, as in `#[cfg(...)] #[get(\"/path\")]`",
        );
    }
}

/// Refuses attributes that may make a handler without having a route attribute's name.
fn refuse_other_routes(attributes: &[Attribute], report: &mut Report) {
    for attribute in attributes {
        if takes_path(attribute) {
            let name = written(attribute);
            report.error_over(
                attribute.path(),
                &format!("`{name}` looks like a route attribute under another name"),
                "write it by its own name, such as `get`, so that the handler gets the policy of the \
                 module, or write `#[cors(...)]` above it",
            );
        }
    }
}

/// The path of an attribute.
fn written(attribute: &Attribute) -> String {
    attribute.path().to_token_stream().to_string().replace(' ', "")
}

/// The attributes that a `cfg_attr` has.
fn conditional(attribute: &Attribute) -> Vec<Attribute> {
    if !attribute.path().is_ident("cfg_attr") {
        return Vec::new();
    }
    let Meta::List(list) = &attribute.meta else { return Vec::new() };
    let read = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(list.tokens.clone());
    let metas = read.into_iter().flatten().skip(1);
    metas.map(|meta| Attribute { meta, ..attribute.clone() }).collect()
}

/// What a function with attributes can begin with.
const STARTS_OF_FUNCTIONS: [&str; 5] = ["async", "const", "fn", "pub", "unsafe"];

/// Refuses handlers inside of functions and other items.
fn refuse_inside(tokens: &[TokenTree], report: &mut Report) {
    for token in tokens {
        let TokenTree::Group(group) = token else { continue };
        let mut attributes: Vec<Attribute> = Vec::new();
        let inside: Vec<TokenTree> = group.stream().into_iter().collect();
        for (index, token) in inside.iter().enumerate() {
            match (token, inside.get(index + 1)) {
                (TokenTree::Punct(hash), Some(TokenTree::Group(brackets)))
                    if hash.as_char() == '#' && brackets.delimiter() == Delimiter::Bracket =>
                {
                    attributes.extend(read(brackets));
                }
                (TokenTree::Group(brackets), _) if brackets.delimiter() == Delimiter::Bracket => {}
                _ if attributes.is_empty() => {}
                (first, _) => {
                    let is_function = STARTS_OF_FUNCTIONS
                        .iter()
                        .any(|it| matches!(first, TokenTree::Ident(word) if word == it));
                    let route = attributes.iter().find(|it| is_route(it) && takes_path(it));
                    if let Some(route) = route
                        && is_function
                        && !attributes.iter().any(is_cors)
                    {
                        report.error_over(
                            route.path(),
                            "a handler is inside of another item, where the `#[cors]` of the module \
                             does not reach it",
                            "move it to the items of the module, or write `#[cors(...)]` above it",
                        );
                    }
                    attributes.clear();
                }
            }
        }
        refuse_inside(&inside, report);
    }
}

/// An attribute, from what stands in its brackets.
fn read(brackets: &Group) -> Option<Attribute> {
    let attributes = Attribute::parse_outer.parse2(quote! { # #brackets }).ok()?;
    attributes.into_iter().next()
}
