//! `#[cors(...)]` on an inline module: the default of the handlers in it. An annotation on
//! a handler, or on a module inside, replaces the default whole; nothing is ever merged.
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

use std::iter::Peekable;

use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::Attribute;
use syn::parse::Parser;

use crate::check::Checked;
use crate::crate_path::CratePath;
use crate::expand::policy::Static;
use crate::function::is_cors;
use crate::route::is_route;

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
    pub(crate) fn expand(&self, inside: &CratePath, policy: Option<&Checked>) -> TokenStream {
        let Self { front: front_of_module, items } = self;
        let name = Ident::new(DEFAULT, Span::mixed_site());
        let annotated = annotate(items.stream(), inside, &quote! { #name });
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

/// Puts the attribute above every handler that has a route attribute and no `#[cors]`.
fn annotate(items: TokenStream, path: &CratePath, policy: &TokenStream) -> TokenStream {
    let (cors, key) = (path.attribute(), path.key().into_iter());
    let attribute = quote! { #[#cors(policy = #policy #(, #key)*)] };
    let mut output = TokenStream::new();
    let mut tokens = items.into_iter().peekable();
    // The attributes of the item that is being read.
    let mut attributes: Vec<Group> = Vec::new();
    let mut is_module = false;
    while let Some(token) = tokens.next() {
        let next = tokens.peek().cloned();
        match (&token, &next) {
            (TokenTree::Punct(hash), Some(TokenTree::Group(group)))
                if hash.as_char() == '#' && group.delimiter() == Delimiter::Bracket =>
            {
                let starts_handler = attributes.is_empty() && is_plain_handler(&token, &tokens);
                if starts_handler {
                    output.extend(attribute.clone());
                }
                attributes.push(group.clone());
                output.extend([token]);
                output.extend(tokens.next());
                continue;
            }
            (TokenTree::Ident(word), Some(TokenTree::Ident(_))) if word == "mod" => {
                is_module = true;
            }
            (TokenTree::Group(group), _) if group.delimiter() == Delimiter::Brace => {
                if is_module && !attributes.iter().filter_map(read).any(|it| is_cors(&it)) {
                    let policy = quote! { super::#policy };
                    let inside = annotate(group.stream(), &path.inside(), &policy);
                    output.extend([TokenTree::from(Group::new(Delimiter::Brace, inside))]);
                } else {
                    output.extend([token]);
                }
                (is_module, attributes) = (false, Vec::new());
                continue;
            }
            (TokenTree::Punct(end), _) if end.as_char() == ';' => {
                (is_module, attributes) = (false, Vec::new());
            }
            _ => {}
        }
        output.extend([token]);
    }
    output
}

/// Whether the run of attributes that starts here has a route attribute and no `#[cors]`.
fn is_plain_handler(hash: &TokenTree, rest: &Peekable<IntoIter>) -> bool {
    let mut routed = false;
    let mut tokens = std::iter::once(hash.clone()).chain(rest.clone());
    while let (Some(TokenTree::Punct(hash)), Some(TokenTree::Group(group))) =
        (tokens.next(), tokens.next())
    {
        if hash.as_char() != '#' || group.delimiter() != Delimiter::Bracket {
            break;
        }
        let attribute = read(&group);
        if attribute.iter().any(is_cors) {
            return false;
        }
        routed |= attribute.iter().any(is_route);
    }
    routed
}

/// An attribute, from what stands in its brackets.
fn read(brackets: &Group) -> Option<Attribute> {
    let attributes = Attribute::parse_outer.parse2(quote! { # #brackets }).ok()?;
    attributes.into_iter().next()
}
