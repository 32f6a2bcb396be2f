//! The route attributes below `#[cors]`: which methods, on which path.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Attribute, LitStr, Meta, Token};

use crate::report::Report;

/// A route attribute: `#[get("/path")]`, or `#[route("/path", method = "GET")]`.
pub(crate) struct Route {
    pub(crate) attribute: Attribute,
    pub(crate) path: Option<LitStr>,
    /// The methods, in upper case.
    pub(crate) methods: Vec<LitStr>,
    /// What stands behind the path and is not a method: the framework's business.
    pub(crate) options: TokenStream,
}

/// What the attributes of a function say about its routes.
pub(crate) struct Routes {
    pub(crate) routes: Vec<Route>,
    /// actix's `#[routes]`, which gathers several route attributes.
    pub(crate) gathered: Option<Attribute>,
}

pub(crate) const METHODS: [(&str, &str); 9] = [
    ("connect", "CONNECT"),
    ("delete", "DELETE"),
    ("get", "GET"),
    ("head", "HEAD"),
    ("options", "OPTIONS"),
    ("patch", "PATCH"),
    ("post", "POST"),
    ("put", "PUT"),
    ("trace", "TRACE"),
];

/// The method that an attribute such as `#[get]` or `#[actix_web::get]` names.
fn method_of(attribute: &Attribute) -> Option<&'static str> {
    let name = &attribute.path().segments.last()?.ident;
    METHODS.iter().find(|(attribute, _)| name == attribute).map(|(_, method)| *method)
}

fn is_named(attribute: &Attribute, name: &str) -> bool {
    attribute.path().segments.last().is_some_and(|segment| segment.ident == name)
}

impl Routes {
    /// Takes the route attributes out of `attributes` and leaves the others.
    pub(crate) fn take(attributes: &mut Vec<Attribute>, report: &mut Report) -> Self {
        let mut routes = Vec::new();
        let mut gathered = None;
        for attribute in std::mem::take(attributes) {
            if is_named(&attribute, "routes") {
                gathered = Some(attribute);
            } else if let Some(method) = method_of(&attribute) {
                routes.extend(Route::read(attribute, Some(method), report));
            } else if is_named(&attribute, "route") {
                routes.extend(Route::read(attribute, None, report));
            } else {
                attributes.push(attribute);
            }
        }
        Self { routes, gathered }
    }

    /// Every method that one of the routes serves, once.
    pub(crate) fn methods(&self) -> Vec<String> {
        let mut methods: Vec<String> = Vec::new();
        for method in self.routes.iter().flat_map(|route| &route.methods) {
            let method = method.value();
            if !methods.contains(&method) {
                methods.push(method);
            }
        }
        methods
    }
}

impl Route {
    fn read(attribute: Attribute, method: Option<&str>, report: &mut Report) -> Option<Self> {
        let tokens = match &attribute.meta {
            Meta::Path(_) => TokenStream::new(),
            Meta::List(list) => list.tokens.clone(),
            Meta::NameValue(_) => {
                report.error(
                    attribute.span(),
                    "a route attribute takes its path in parentheses",
                    "write `#[get(\"/path\")]`",
                );
                return None;
            }
        };
        match read_arguments.parse2(tokens) {
            Ok((path, mut methods, options)) => {
                methods.extend(method.map(|method| LitStr::new(method, attribute.path().span())));
                if methods.is_empty() {
                    report.error(
                        attribute.span(),
                        "`#[route]` names no method",
                        "write `#[route(\"/path\", method = \"GET\", method = \"PUT\")]`",
                    );
                    return None;
                }
                Some(Self { attribute, path, methods, options })
            }
            Err(error) => {
                report.push(error);
                None
            }
        }
    }
}

/// `"/path", method = "GET", name = "...", ...`, in any order behind the path.
fn read_arguments(
    input: ParseStream<'_>,
) -> syn::Result<(Option<LitStr>, Vec<LitStr>, TokenStream)> {
    let path: Option<LitStr> = if input.peek(LitStr) { Some(input.parse()?) } else { None };
    let mut methods = Vec::new();
    let mut options = TokenStream::new();
    if path.is_some() && !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    while !input.is_empty() {
        let key: Ident = input.parse()?;
        let equals: Token![=] = input.parse()?;
        let value: LitStr = input.parse()?;
        if key == "method" {
            methods.push(value);
        } else {
            // Kept in the form `, name = "..."`, to be put behind a path.
            options.extend(quote::quote! { , #key #equals #value });
        }
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok((path, methods, options))
}

impl Route {
    /// Where the attribute was written.
    pub(crate) fn span(&self) -> Span {
        self.attribute.path().to_token_stream().span()
    }
}
