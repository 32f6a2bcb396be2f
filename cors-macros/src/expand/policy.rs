//! A policy as the initialiser of a `static`.
//!
//! ```text
//! policy(
//!     Origins::These(OriginSet::from_static(
//!         ExactSet::from_static(&[...], {
//!             static LIST: [Value; 1] = [Value::from_static("https://app.example.com")];
//!             &LIST
//!         }, ...),
//!         ...
//!     )),
//!     Switches { ... },
//!     ...
//! )
//! ```

use std::borrow::Cow;

use cors_core::__private::{
    AllowedHeaders, Automaton, CellParts, Declared, Missing, Origins, Parts, Pattern, Port, Rows,
    Switches,
};
use cors_core::adapter::Value;
use cors_core::{Policy, PolicyCell};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use crate::check::{Builds, Checked};

/// A `static` for a policy.
pub(crate) struct Static<'a> {
    pub(crate) root: &'a TokenStream,
    /// Attributes and visibility.
    pub(crate) front: TokenStream,
    pub(crate) name: &'a Ident,
    /// Statements in front of the policy.
    pub(crate) before: TokenStream,
}

impl Static<'_> {
    /// The `static`, one for each kind of build where they differ. Where there is no policy
    /// (`#[cors(none)]`, or because it was refused and the rest of the program is still to be
    /// checked), it is the one that allows no origin.
    pub(crate) fn expand(&self, checked: Option<&Checked>) -> TokenStream {
        let root = self.root;
        let (policy, cell) = (quote! { #root::Policy }, quote! { #root::PolicyCell });
        match checked {
            None => self.write(&policy, &no_origin(root)),
            Some(Checked::Policy(builds)) => {
                self.for_builds(&policy, builds, |policy| expand(root, policy))
            }
            Some(Checked::Cell(builds)) => {
                self.for_builds(&cell, builds, |cell| expand_cell(root, cell))
            }
        }
    }

    fn for_builds<T>(
        &self,
        kind: &TokenStream,
        builds: &Builds<T>,
        expand: impl Fn(&T) -> TokenStream,
    ) -> TokenStream {
        let debug = self.write(kind, &expand(&builds.debug));
        let Some(release) = &builds.release else { return debug };
        let release = self.write(kind, &expand(release));
        quote! {
            #[cfg(debug_assertions)]
            #debug
            #[cfg(not(debug_assertions))]
            #release
        }
    }

    fn write(&self, kind: &TokenStream, policy: &TokenStream) -> TokenStream {
        let Self { front, name, before, .. } = self;
        if before.is_empty() {
            return quote! { #front static #name: #kind = #policy; };
        }
        quote! { #front static #name: #kind = { #before #policy }; }
    }
}

fn no_origin(root: &TokenStream) -> TokenStream {
    quote! {
        #root::policy(
            #root::Origins::Nobody,
            #root::Switches { credentials: false, private_network: false, enforce: false },
            ::core::option::Option::None,
            #root::AllowedHeaders::Any,
            ::core::option::Option::None,
            ::core::option::Option::None,
            204,
        )
    }
}

fn expand_cell(root: &TokenStream, cell: &PolicyCell) -> TokenStream {
    let CellParts { base, declared, variables } = CellParts::from(cell);
    let base = expand(root, base);
    let Declared { origins, patterns, dangers } = declared;
    let origins = texts(root, origins);
    let patterns = expand_patterns(root, patterns);
    let dangers = dangers.iter().map(|danger| {
        let name = Ident::new(&format!("{danger:?}"), Span::mixed_site());
        quote! { #root::Danger::#name }
    });
    let variables = variables.iter().map(|variable| {
        let (name, is_optional) = (variable.name(), variable.is_optional());
        quote! { #root::Variable::from_static(#name, #is_optional) }
    });
    let variables = list(&quote! { #root::Variable }, variables);
    quote! {
        #root::cell(
            #base,
            #root::Declared {
                origins: #origins,
                patterns: #root::Cow::Borrowed(#patterns),
                dangers: #root::Cow::Borrowed(&[#(#dangers),*]),
            },
            #variables,
        )
    }
}

/// Writes a policy down.
fn expand(root: &TokenStream, policy: &Policy) -> TokenStream {
    let Parts { origins, switches, methods, headers, expose, max_age, preflight_status } =
        Parts::from(policy);
    let origins = expand_origins(root, origins);
    let Switches { credentials, private_network, enforce } = switches;
    let methods = option(methods.map(|methods| texts(root, methods)));
    let headers = match headers {
        AllowedHeaders::These(names) => {
            let names = texts(root, names);
            quote! { #root::AllowedHeaders::These(#names) }
        }
        AllowedHeaders::Any => quote! { #root::AllowedHeaders::Any },
        AllowedHeaders::AnyAndAuthorization => {
            quote! { #root::AllowedHeaders::AnyAndAuthorization }
        }
    };
    let expose = option(expose.map(|value| expand_value(root, value)));
    let max_age = option(max_age.map(|value| expand_value(root, value)));
    quote! {
        #root::policy(
            #origins,
            #root::Switches {
                credentials: #credentials,
                private_network: #private_network,
                enforce: #enforce,
            },
            #methods,
            #headers,
            #expose,
            #max_age,
            #preflight_status,
        )
    }
}

fn expand_origins(root: &TokenStream, origins: &Origins) -> TokenStream {
    let set = match origins {
        Origins::Any => return quote! { #root::Origins::Any },
        Origins::Nobody => return quote! { #root::Origins::Nobody },
        Origins::Missing(Missing::NotLoaded) => {
            return quote! { #root::Origins::Missing(#root::Missing::NotLoaded) };
        }
        Origins::Missing(Missing::NotSelected) => {
            return quote! { #root::Origins::Missing(#root::Missing::NotSelected) };
        }
        Origins::These(set) => set,
    };
    let slots = set.exact().fixed_slots();
    let longest = set.exact().longest();
    let wildcards = set.wildcards().iter().map(|wildcard| {
        let (scheme, host) = (wildcard.scheme(), wildcard.host());
        let subdomains = wildcard.subdomains();
        let port = match wildcard.port() {
            Port::Default => quote! { Default },
            Port::Number(number) => quote! { Number(#number) },
            Port::Any => quote! { Any },
        };
        quote! {
            #root::Wildcard::from_static(#scheme, #host, #subdomains, #root::Port::#port)
        }
    });
    let patterns = expand_patterns(root, set.patterns());
    let wildcard_slots = set.wildcard_set().fixed_slots();
    let longest_wildcard = set.wildcard_set().longest();
    let origins = set.exact().origins().iter().map(|origin| expand_value(root, origin));
    let origins = list(&quote! { #root::Value }, origins);
    let wildcards = list(&quote! { #root::Wildcard }, wildcards);
    let open = option(set.open().map(|open| quote! { #root::Cow::Borrowed(#open) }));
    quote! {
        #root::Origins::These(#root::OriginSet::from_static(
            #root::ExactSet::from_static(&[#(#slots),*], #origins, #longest),
            #root::Wildcards::from_static(#wildcards, &[#(#wildcard_slots),*], #longest_wildcard),
            #patterns,
            #open,
        ))
    }
}

fn expand_patterns(root: &TokenStream, patterns: &[Pattern]) -> TokenStream {
    let patterns = patterns.iter().map(|pattern| {
        let (source, table) = (pattern.source(), expand_table(root, pattern.table()));
        quote! { #root::Pattern::from_static(#source, #table) }
    });
    list(&quote! { #root::Pattern }, patterns)
}

/// A list, with a `static` of its own only where it holds something: each is evaluated by the
/// compiler, for each policy.
fn list(kind: &TokenStream, elements: impl Iterator<Item = TokenStream>) -> TokenStream {
    let elements: Vec<TokenStream> = elements.collect();
    let count = elements.len();
    if count == 0 {
        return quote! { &[] };
    }
    quote! { {
        static LIST: [#kind; #count] = [#(#elements),*];
        &LIST
    } }
}

/// Byte strings keep a table of some kilobytes one token.
fn expand_table(root: &TokenStream, table: &Automaton) -> TokenStream {
    let classes = Literal::byte_string(table.classes());
    let (stride, first_accepting) = (table.stride(), table.first_accepting());
    match table.rows() {
        Rows::Narrow(rows) => {
            let rows = Literal::byte_string(rows);
            quote! { #root::Automaton::narrow(#classes, #rows, #stride, #first_accepting) }
        }
        Rows::Wide(rows) => {
            let rows = rows.iter();
            quote! { #root::Automaton::wide(#classes, &[#(#rows),*], #stride, #first_accepting) }
        }
    }
}

fn expand_value(root: &TokenStream, value: &Value) -> TokenStream {
    let text = value.as_str();
    quote! { #root::Value::from_static(#text) }
}

fn texts(root: &TokenStream, texts: &[Cow<'static, str>]) -> TokenStream {
    quote! { #root::Cow::Borrowed(&[#(#root::Cow::Borrowed(#texts)),*]) }
}

fn option(tokens: Option<TokenStream>) -> TokenStream {
    tokens.map_or_else(
        || quote! { ::core::option::Option::None },
        |tokens| quote! { ::core::option::Option::Some(#tokens) },
    )
}
