//! A policy as the initialiser of a `static`.
//!
//! ```text
//! Policy(Sealed::Parts(Parts {
//!     origins: Origins::These(OriginSet {
//!         exact: ExactSet { origins: Texts::Program(&["https://app.example.com"]), ... },
//!         ...
//!     }),
//!     switches: Switches { ... },
//!     ...
//! }))
//! ```
//!
//! It is a literal through and through: what a function returns, or a `static` for a part of it, the
//! compiler evaluates for each policy of a program.

use cors_core::__private::{
    AllowedHeaders, Automaton, CellParts, Declared, ExactSet, Marker, Missing, Origins, Parts,
    Pattern, Patterns, Port, Rows, Sealed, Switches, Texts, ValueRef, WildcardTable, Wildcards,
};
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

/// The policy as a constant expression, where it is the same in every build and its origins are known.
pub(crate) fn constant(root: &TokenStream, checked: Option<&Checked>) -> Option<TokenStream> {
    match checked {
        None => Some(no_origin(root)),
        // A header value is no literal.
        Some(Checked::Policy(Builds { debug, release: None })) if parts(debug).expose.is_none() => {
            Some(expand(root, debug))
        }
        Some(Checked::Policy(_) | Checked::Cell(_)) => None,
    }
}

fn no_origin(root: &TokenStream) -> TokenStream {
    quote! { #root::Policy(#root::Sealed::Parts(#root::Parts::NONE)) }
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
    let count = variables.len();
    let variables = quote! { {
        static LIST: [#root::Variable; #count] = [#(#variables),*];
        &LIST
    } };
    quote! {
        #root::cell(
            #base,
            #root::Declared {
                origins: #origins,
                patterns: #patterns,
                dangers: #root::Cow::Borrowed(&[#(#dangers),*]),
            },
            #variables,
        )
    }
}

const fn parts(policy: &Policy) -> &Parts {
    let Policy(Sealed::Parts(parts)) = policy;
    parts
}

/// Writes a policy down.
fn expand(root: &TokenStream, policy: &Policy) -> TokenStream {
    let Parts { origins, switches, methods, headers, expose, max_age, preflight_status } =
        parts(policy);
    let origins = expand_origins(root, origins);
    let Switches { credentials, private_network, enforce } = switches;
    let methods = option(methods.as_ref().map(|methods| texts(root, methods)));
    let headers = match headers {
        AllowedHeaders::These(names) => {
            let names = texts(root, names);
            quote! { These(#names) }
        }
        AllowedHeaders::Any => quote! { Any },
        AllowedHeaders::AnyAndAuthorization => quote! { AnyAndAuthorization },
    };
    // It goes with each response, and is longer than what is checked in no time.
    let expose = option(expose.as_ref().map(ValueRef::as_str).map(|text| {
        quote! {
            #root::ValueRef::Program({
                static EXPOSE: #root::Value = #root::Value::from_static(#text);
                &EXPOSE
            })
        }
    }));
    let max_age = option(max_age.as_ref().map(ValueRef::as_str).map(|text| {
        quote! { #root::ValueRef::Text(#text) }
    }));
    quote! {
        #root::Policy(#root::Sealed::Parts(#root::Parts {
            origins: #root::Origins::#origins,
            switches: #root::Switches {
                credentials: #credentials,
                private_network: #private_network,
                enforce: #enforce,
            },
            methods: #methods,
            headers: #root::AllowedHeaders::#headers,
            expose: #expose,
            max_age: #max_age,
            preflight_status: #preflight_status,
        }))
    }
}

fn expand_origins(root: &TokenStream, origins: &Origins) -> TokenStream {
    let set = match origins {
        Origins::Any => return quote! { Any },
        Origins::Disabled => return quote! { Disabled },
        Origins::Missing(Missing::NotLoaded) => {
            return quote! { Missing(#root::Missing::NotLoaded) };
        }
        Origins::Missing(Missing::NotSelected) => {
            return quote! { Missing(#root::Missing::NotSelected) };
        }
        Origins::These(set) => set,
    };
    let exact = expand_exact(root, &set.exact);
    let wildcards = expand_wildcards(root, &set.wildcards);
    let patterns = expand_patterns(root, &set.patterns);
    let open = option(set.open.as_ref().map(|open| quote! { #root::Cow::Borrowed(#open) }));
    quote! {
        These(#root::OriginSet {
            exact: #exact,
            wildcards: #wildcards,
            patterns: #patterns,
            open: #open,
        })
    }
}

fn expand_exact(root: &TokenStream, set: &ExactSet) -> TokenStream {
    if set.origins.is_empty() {
        return quote! { #root::ExactSet::NONE };
    }
    let slots = set.fixed_slots();
    let origins = texts(root, &set.origins);
    let longest = set.longest;
    quote! {
        #root::ExactSet {
            slots: #root::Cow::Borrowed(&[#(#slots),*]),
            origins: #origins,
            longest: #longest,
            keys: #root::Keys::FIXED,
        }
    }
}

fn expand_wildcards(root: &TokenStream, set: &Wildcards) -> TokenStream {
    if set.list.is_empty() {
        return quote! { #root::Wildcards::NONE };
    }
    let table = option(set.table.as_ref().map(|table| expand_wildcard_table(root, set, table)));
    let wildcards = set.list.iter().map(|wildcard| {
        let (scheme, host) = (&*wildcard.scheme, &*wildcard.host);
        let subdomains = wildcard.subdomains;
        let port = match wildcard.port {
            Port::Default => quote! { Default },
            Port::Number(number) => quote! { Number(#number) },
            Port::Any => quote! { Any },
        };
        quote! {
            #root::Wildcard {
                scheme: #root::Cow::Borrowed(#scheme),
                host: #root::Cow::Borrowed(#host),
                subdomains: #subdomains,
                port: #root::Port::#port,
            }
        }
    });
    quote! {
        #root::Wildcards {
            list: #root::Cow::Borrowed(&[#(#wildcards),*]),
            table: #table,
        }
    }
}

fn expand_wildcard_table(
    root: &TokenStream,
    set: &Wildcards,
    table: &WildcardTable,
) -> TokenStream {
    let slots = table.fixed_slots(&set.list);
    let depths = Literal::byte_string(&table.depths);
    let markers = table.markers.iter().map(|Marker { wildcard, length }| {
        quote! { #root::Marker { wildcard: #wildcard, length: #length } }
    });
    let WildcardTable { has_whole_hosts, has_any_port, longest, .. } = table;
    quote! {
        #root::WildcardTable {
            slots: #root::Cow::Borrowed(&[#(#slots),*]),
            markers: #root::Cow::Borrowed(&[#(#markers),*]),
            depths: #root::Cow::Borrowed(#depths),
            has_whole_hosts: #has_whole_hosts,
            has_any_port: #has_any_port,
            longest: #longest,
            keys: #root::Keys::FIXED,
        }
    }
}

fn expand_patterns(root: &TokenStream, patterns: &Patterns) -> TokenStream {
    match patterns {
        Patterns::None => quote! { #root::Patterns::None },
        Patterns::One(pattern) => {
            let pattern = expand_pattern(root, pattern);
            quote! { #root::Patterns::One(#pattern) }
        }
        Patterns::Several { list, union } => {
            let list = list.iter().map(|pattern| expand_pattern(root, pattern));
            let union = expand_table(root, union);
            quote! {
                #root::Patterns::Several {
                    list: #root::Cow::Borrowed(&[#(#list),*]),
                    union: #union,
                }
            }
        }
    }
}

fn expand_pattern(root: &TokenStream, pattern: &Pattern) -> TokenStream {
    let (source, table) = (&*pattern.source, expand_table(root, &pattern.table));
    quote! { #root::Pattern { source: #root::Cow::Borrowed(#source), table: #table } }
}

/// Byte strings keep a table of some kilobytes one token.
fn expand_table(root: &TokenStream, table: &Automaton) -> TokenStream {
    let classes = Literal::byte_string(&table.classes);
    let (stride, first_accepting) = (table.stride, table.first_accepting);
    let (kind, rows) = match &table.rows {
        Rows::Narrow(rows) => (quote! { Narrow }, rows),
        Rows::Wide(rows) => (quote! { Wide }, rows),
    };
    let rows = Literal::byte_string(rows);
    quote! {
        #root::Automaton {
            classes: #root::Cow::Borrowed(#classes),
            rows: #root::Rows::#kind(#root::Cow::Borrowed(#rows)),
            stride: #stride,
            first_accepting: #first_accepting,
        }
    }
}

fn texts(root: &TokenStream, texts: &Texts) -> TokenStream {
    let texts = texts.iter();
    quote! { #root::Texts::Program(&[#(#texts),*]) }
}

fn option(tokens: Option<TokenStream>) -> TokenStream {
    tokens.map_or_else(
        || quote! { ::core::option::Option::None },
        |tokens| quote! { ::core::option::Option::Some(#tokens) },
    )
}
