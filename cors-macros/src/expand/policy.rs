//! A policy as the initialiser of a `static`.
//!
//! ```text
//! {
//!     static ORIGINS: [Value; 1] = [Value::from_static("https://app.example.com")];
//!     ...
//!     policy(Origins::These(...), Switches { ... }, ...)
//! }
//! ```

use std::borrow::Cow;

use cors_core::__private::{AllowedHeaders, Origins, Parts, Port, Rows, Switches, Table};
use cors_core::Policy;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// Writes a policy down. Where there is none (`#[cors(none)]`, or because it was refused and
/// the rest of the program is still to be checked), it is the one that allows nobody.
pub(crate) fn expand(root: &TokenStream, policy: Option<&Policy>) -> TokenStream {
    let Some(policy) = policy else {
        return quote! {
            #root::policy(
                #root::Origins::Nobody,
                #root::Switches { credentials: false, private_network: false, enforce: false },
                ::core::option::Option::None,
                #root::AllowedHeaders::Any,
                ::core::option::Option::None,
                ::core::option::Option::None,
            )
        };
    };
    let Parts { origins, switches, methods, headers, expose, max_age } = Parts::from(policy);
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
    let value = |value: &cors_core::Value| {
        let text = value.as_str();
        quote! { #root::Value::from_static(#text) }
    };
    let expose = option(expose.map(value));
    let max_age = option(max_age.map(value));
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
        )
    }
}

fn expand_origins(root: &TokenStream, origins: &Origins) -> TokenStream {
    let set = match origins {
        Origins::Any => return quote! { #root::Origins::Any },
        Origins::Nobody => return quote! { #root::Origins::Nobody },
        Origins::These(set) => set,
    };
    let slots = set.exact().slots();
    let texts = set.exact().origins().iter().map(cors_core::Value::as_str);
    let count = texts.len();
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
    let wildcard_count = wildcards.len();
    let patterns = set.patterns().iter().map(|pattern| {
        let (source, table) = (pattern.source(), expand_table(root, pattern.table()));
        quote! { #root::Pattern::from_static(#source, #table) }
    });
    let pattern_count = patterns.len();
    quote! { {
        static ORIGINS: [#root::Value; #count] = [#(#root::Value::from_static(#texts)),*];
        static WILDCARDS: [#root::Wildcard; #wildcard_count] = [#(#wildcards),*];
        static PATTERNS: [#root::Pattern; #pattern_count] = [#(#patterns),*];
        #root::Origins::These(#root::OriginSet::from_static(
            #root::ExactSet::from_static(&[#(#slots),*], &ORIGINS, #longest),
            &WILDCARDS,
            &PATTERNS,
        ))
    } }
}

/// Byte strings keep a table of some kilobytes one token.
fn expand_table(root: &TokenStream, table: &Table) -> TokenStream {
    let classes = Literal::byte_string(table.classes());
    let (stride, first_accepting) = (table.stride(), table.first_accepting());
    match table.rows() {
        Rows::Narrow(rows) => {
            let rows = Literal::byte_string(rows);
            quote! { #root::Table::narrow(#classes, #rows, #stride, #first_accepting) }
        }
        Rows::Wide(rows) => {
            let rows = rows.iter();
            quote! { #root::Table::wide(#classes, &[#(#rows),*], #stride, #first_accepting) }
        }
    }
}

fn texts(root: &TokenStream, texts: &[Cow<'static, str>]) -> TokenStream {
    let count = texts.len();
    quote! { {
        static TEXTS: [#root::Cow<'static, str>; #count] = [#(#root::Cow::Borrowed(#texts)),*];
        #root::Cow::Borrowed(&TEXTS)
    } }
}

fn option(tokens: Option<TokenStream>) -> TokenStream {
    tokens.map_or_else(
        || quote! { ::core::option::Option::None },
        |tokens| quote! { ::core::option::Option::Some(#tokens) },
    )
}
