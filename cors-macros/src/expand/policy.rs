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
use crate::crate_path::Root;

/// A `static` for a policy.
pub(crate) struct Static<'a> {
    pub(crate) root: &'a Root,
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
            None => self.write(&policy, &expand(&no_origin())),
            Some(Checked::Policy(builds)) => builds.expand(|it| self.write(&policy, &expand(it))),
            Some(Checked::Cell(builds)) => builds.expand(|it| self.write(&cell, &expand_cell(it))),
        }
    }

    fn write(&self, kind: &TokenStream, policy: &TokenStream) -> TokenStream {
        let Self { root, front, name, before } = self;
        // Apart from what the user has written, which must not find these names.
        let policy = quote! { { use #root::literal::*; #policy } };
        let policy = if before.is_empty() {
            policy
        } else {
            quote! { { #before #policy } }
        };
        quote! { #front static #name: #kind = #policy; }
    }
}

impl<T> Builds<T> {
    /// The same item for each kind of build, if they differ.
    pub(crate) fn expand(&self, expand: impl Fn(&T) -> TokenStream) -> TokenStream {
        let debug = expand(&self.debug);
        let Some(release) = &self.release else { return debug };
        let release = expand(release);
        quote! {
            #[cfg(debug_assertions)]
            #debug
            #[cfg(not(debug_assertions))]
            #release
        }
    }
}

/// What stands for a policy where there is none (`#[cors(none)]`, or because it was refused).
pub(crate) const fn no_origin() -> Policy {
    Policy(Sealed::Parts(Parts::NONE))
}

fn expand_cell(cell: &PolicyCell) -> TokenStream {
    let CellParts { base, declared, variables } = CellParts::from(cell);
    let base = expand(base);
    let Declared { origins, patterns, dangers } = declared;
    let origins = texts(origins);
    let patterns = expand_patterns(patterns);
    let dangers = dangers.iter().map(|danger| {
        let name = Ident::new(&format!("{danger:?}"), Span::mixed_site());
        quote! { Danger::#name }
    });
    let variables = variables.iter().map(|variable| {
        let (name, is_optional) = (variable.name(), variable.is_optional());
        quote! { Variable::from_static(#name, #is_optional) }
    });
    let count = variables.len();
    let variables = quote! { {
        static LIST: [Variable; #count] = [#(#variables),*];
        &LIST
    } };
    quote! {
        cell(
            #base,
            Declared {
                origins: #origins,
                patterns: #patterns,
                dangers: Borrowed(&[#(#dangers),*]),
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
fn expand(policy: &Policy) -> TokenStream {
    let Parts { origins, switches, methods, headers, expose, max_age, preflight_status } =
        parts(policy);
    let origins = expand_origins(origins);
    let Switches { credentials, private_network, enforce } = switches;
    let methods = option(methods.as_ref().map(texts));
    let headers = match headers {
        AllowedHeaders::These(names) => {
            let names = texts(names);
            quote! { These(#names) }
        }
        AllowedHeaders::Any => quote! { Any },
        AllowedHeaders::AnyAndAuthorization => quote! { AnyAndAuthorization },
    };
    // It goes with each response, and is longer than what is checked in no time.
    let expose = option(expose.as_ref().map(ValueRef::as_str).map(|text| {
        quote! {
            ValueRef::Program({
                static EXPOSE: Value = Value::from_static(#text);
                &EXPOSE
            })
        }
    }));
    let max_age = option(max_age.as_ref().map(ValueRef::as_str).map(|text| {
        quote! { ValueRef::Text(#text) }
    }));
    quote! {
        Policy(Sealed::Parts(Parts {
            origins: Origins::#origins,
            switches: Switches {
                credentials: #credentials,
                private_network: #private_network,
                enforce: #enforce,
            },
            methods: #methods,
            headers: AllowedHeaders::#headers,
            expose: #expose,
            max_age: #max_age,
            preflight_status: #preflight_status,
        }))
    }
}

fn expand_origins(origins: &Origins) -> TokenStream {
    let set = match origins {
        Origins::Any => return quote! { Any },
        Origins::Disabled => return quote! { Disabled },
        Origins::Missing(Missing::NotLoaded) => {
            return quote! { Missing(Missing::NotLoaded) };
        }
        Origins::Missing(Missing::NotSelected) => {
            return quote! { Missing(Missing::NotSelected) };
        }
        Origins::These(set) => set,
    };
    let exact = expand_exact(&set.exact);
    let wildcards = expand_wildcards(&set.wildcards);
    let patterns = expand_patterns(&set.patterns);
    let open = option(set.open.as_ref().map(|open| quote! { Borrowed(#open) }));
    quote! {
        These(OriginSet {
            exact: #exact,
            wildcards: #wildcards,
            patterns: #patterns,
            open: #open,
        })
    }
}

fn expand_exact(set: &ExactSet) -> TokenStream {
    if set.origins.is_empty() {
        return quote! { ExactSet::NONE };
    }
    let slots = set.fixed_slots();
    let origins = texts(&set.origins);
    let longest = set.longest;
    quote! {
        ExactSet {
            slots: Borrowed(&[#(#slots),*]),
            origins: #origins,
            longest: #longest,
            keys: Keys::FIXED,
        }
    }
}

fn expand_wildcards(set: &Wildcards) -> TokenStream {
    if set.list.is_empty() {
        return quote! { Wildcards::NONE };
    }
    let table = option(set.table.as_ref().map(|table| expand_wildcard_table(set, table)));
    let wildcards = set.list.iter().map(|wildcard| {
        let (scheme, host) = (&*wildcard.scheme, &*wildcard.host);
        let subdomains = wildcard.subdomains;
        let port = match wildcard.port {
            Port::Default => quote! { Default },
            Port::Number(number) => quote! { Number(#number) },
            Port::Any => quote! { Any },
        };
        quote! {
            Wildcard {
                scheme: Borrowed(#scheme),
                host: Borrowed(#host),
                subdomains: #subdomains,
                port: Port::#port,
            }
        }
    });
    quote! {
        Wildcards {
            list: Borrowed(&[#(#wildcards),*]),
            table: #table,
        }
    }
}

fn expand_wildcard_table(set: &Wildcards, table: &WildcardTable) -> TokenStream {
    let slots = table.fixed_slots(&set.list);
    let depths = Literal::byte_string(&table.depths);
    let markers = table.markers.iter().map(|Marker { wildcard, length }| {
        quote! { Marker { wildcard: #wildcard, length: #length } }
    });
    let WildcardTable { has_whole_hosts, has_any_port, longest, .. } = table;
    quote! {
        WildcardTable {
            slots: Borrowed(&[#(#slots),*]),
            markers: Borrowed(&[#(#markers),*]),
            depths: Borrowed(#depths),
            has_whole_hosts: #has_whole_hosts,
            has_any_port: #has_any_port,
            longest: #longest,
            keys: Keys::FIXED,
        }
    }
}

fn expand_patterns(patterns: &Patterns) -> TokenStream {
    match patterns {
        Patterns::None => quote! { Patterns::None },
        Patterns::One(pattern) => {
            let pattern = expand_pattern(pattern);
            quote! { Patterns::One(#pattern) }
        }
        Patterns::Several { list, union } => {
            let list = list.iter().map(expand_pattern);
            let union = expand_table(union);
            quote! {
                Patterns::Several {
                    list: Borrowed(&[#(#list),*]),
                    union: #union,
                }
            }
        }
    }
}

fn expand_pattern(pattern: &Pattern) -> TokenStream {
    let (source, table) = (&*pattern.source, expand_table(&pattern.table));
    quote! { Pattern { source: Borrowed(#source), table: #table } }
}

/// Byte strings keep a table of some kilobytes one token.
fn expand_table(table: &Automaton) -> TokenStream {
    let classes = Literal::byte_string(&table.classes);
    let (stride, first_accepting) = (table.stride, table.first_accepting);
    let (kind, rows) = match &table.rows {
        Rows::Narrow(rows) => (quote! { Narrow }, rows),
        Rows::Wide(rows) => (quote! { Wide }, rows),
    };
    let rows = Literal::byte_string(rows);
    quote! {
        Automaton {
            classes: Borrowed(#classes),
            rows: Rows::#kind(Borrowed(#rows)),
            stride: #stride,
            first_accepting: #first_accepting,
        }
    }
}

fn texts(texts: &Texts) -> TokenStream {
    let texts = texts.iter();
    quote! { Texts::Program(&[#(#texts),*]) }
}

fn option(tokens: Option<TokenStream>) -> TokenStream {
    tokens.map_or_else(|| quote! { None }, |tokens| quote! { Some(#tokens) })
}
