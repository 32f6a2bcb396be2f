//! The route attributes below `#[cors]`: which methods, on which path.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, LitStr, Meta};

use crate::function::Function;
use crate::report::Report;
use crate::split;

/// A route attribute: `#[get("/path")]`, or `#[route("/path", method = "GET")]`.
pub(crate) struct Route {
    pub(crate) attribute: Attribute,
    pub(crate) path: Option<LitStr>,
    /// The methods; at least one.
    pub(crate) methods: Vec<LitStr>,
    /// What stands behind the path and is not a method: the framework's business.
    pub(crate) options: Vec<TokenStream>,
}

/// The routes that the attributes of a function declare.
pub(crate) struct Routes {
    pub(crate) all: Vec<Route>,
    /// actix's `#[routes]`, which gathers several route attributes.
    pub(crate) gathered: Option<Attribute>,
}

const METHODS: [(&str, &str); 10] = [
    ("connect", "CONNECT"),
    ("delete", "DELETE"),
    ("get", "GET"),
    ("head", "HEAD"),
    ("options", "OPTIONS"),
    ("patch", "PATCH"),
    ("post", "POST"),
    ("put", "PUT"),
    ("query", "QUERY"),
    ("trace", "TRACE"),
];

/// The method that an attribute such as `#[get]` or `#[actix_web::get]` names.
fn method_of(attribute: &Attribute) -> Option<&'static str> {
    let name = &attribute.path().segments.last()?.ident;
    let (_, method) = METHODS.iter().find(|(attribute, _)| name == attribute)?;
    // Other crates have a `#[trace]` too, which takes no path.
    let is_route = !matches!(*method, "CONNECT" | "QUERY" | "TRACE") || takes_path(attribute);
    is_route.then_some(*method)
}

/// Whether the first argument is a path.
pub(crate) fn takes_path(attribute: &Attribute) -> bool {
    let Meta::List(list) = &attribute.meta else { return false };
    let read = |input: ParseStream<'_>| {
        let path: LitStr = input.parse()?;
        input.parse::<TokenStream>()?;
        Ok(path)
    };
    read.parse2(list.tokens.clone()).is_ok_and(|path| path.value().starts_with('/'))
}

/// Whether an attribute has this name, by whatever path.
pub(crate) fn is_named(attribute: &Attribute, name: &str) -> bool {
    attribute.path().segments.last().is_some_and(|segment| segment.ident == name)
}

/// Whether it is an attribute that makes a function a handler.
pub(crate) fn is_route(attribute: &Attribute) -> bool {
    method_of(attribute).is_some() || is_named(attribute, "route") || is_named(attribute, "routes")
}

impl Routes {
    /// Takes the route attributes out of `attributes`.
    pub(crate) fn take(attributes: &mut Vec<Attribute>, report: &mut Report) -> Self {
        let mut found = Self { all: Vec::new(), gathered: None };
        for attribute in std::mem::take(attributes) {
            if is_named(&attribute, "routes") {
                found.gathered = Some(attribute);
            } else if let Some(method) = method_of(&attribute) {
                found.all.push(Route::read(attribute, Some(method), report));
            } else if is_named(&attribute, "route") {
                found.all.push(Route::read(attribute, None, report));
            } else {
                attributes.push(attribute);
            }
        }
        found
    }

    /// Every method that one of the routes serves, once.
    pub(crate) fn methods(&self) -> Vec<String> {
        let mut methods: Vec<String> = Vec::new();
        for method in self.all.iter().flat_map(|route| &route.methods) {
            let method = method.value();
            if !methods.contains(&method) {
                methods.push(method);
            }
        }
        methods
    }
}

impl Route {
    /// Reads an attribute; `method` is the one in its name. What can't be read is reported
    /// and replaced, so that the function still becomes a handler.
    fn read(attribute: Attribute, method: Option<&str>, report: &mut Report) -> Self {
        let name = attribute.path().to_token_stream();
        let tokens = match &attribute.meta {
            Meta::Path(_) => TokenStream::new(),
            Meta::List(list) => list.tokens.clone(),
            Meta::NameValue(wrong) => {
                report.error_over(
                    wrong,
                    "a route attribute takes its path in parentheses",
                    &format!("write `#[{name}(\"/path\")]`"),
                );
                quote! { "/" }
            }
        };
        let mut route = Self {
            path: None,
            methods: method
                .map(|method| LitStr::new(method, span_of(&attribute)))
                .into_iter()
                .collect(),
            options: Vec::new(),
            attribute,
        };
        for (index, argument) in split::at_commas(tokens, report).into_iter().enumerate() {
            match read_argument(argument, index == 0) {
                Argument::Path(path) => route.path = Some(path),
                Argument::Method(value) => {
                    route.read_method(value, method.is_some(), report);
                }
                Argument::Option(option) => route.options.push(option),
                Argument::NoPath(wrong) => {
                    report.error_over(
                        wrong,
                        "the path of a route attribute is a string literal",
                        &format!("write `#[{name}(\"/path\")]`"),
                    );
                    route.path = Some(LitStr::new("/", route.span()));
                }
            }
        }
        if route.methods.is_empty() {
            report.error(
                route.span(),
                "`#[route]` names no method",
                "write `#[route(\"/path\", method = \"GET\", method = \"PUT\")]`",
            );
            route.methods.push(LitStr::new("GET", route.span()));
        }
        route
    }

    /// `#[get("/")]`, for a function without a route attribute.
    pub(crate) fn stand_in(span: Span) -> Self {
        Self {
            attribute: syn::parse_quote_spanned! { span=> #[get("/")] },
            path: Some(LitStr::new("/", span)),
            methods: vec![LitStr::new("GET", span)],
            options: Vec::new(),
        }
    }

    fn read_method(&mut self, value: TokenStream, is_named: bool, report: &mut Report) {
        let Ok(method) = syn::parse2::<LitStr>(value.clone()) else {
            report.error_over(value, "a method is a string literal", "write `method = \"PUT\"`");
            return;
        };
        if is_named {
            let name = self.attribute.path().to_token_stream();
            report.error_over(
                value,
                &format!("`#[{name}]` has its method in its name"),
                "for several methods write `#[route(\"/path\", method = \"GET\", method = \
                 \"PUT\")]`",
            );
        } else if self.methods.iter().any(|earlier| earlier.value() == method.value()) {
            let message = format!("the method `{}` is given twice", method.value());
            report.error_over(value, &message, "keep one of them");
        } else {
            self.methods.push(method);
        }
    }

    /// Whether it was written above `#[cors]`. What names a macro has been expanded by then,
    /// but axum's routes name none: the compiler can't find them, and leaves them here.
    pub(crate) fn is_above(&self, function: &Function) -> bool {
        if !proc_macro::is_available() {
            return false;
        }
        let [route, cors, function] = [self.span(), Span::call_site(), function.name.span()]
            .map(|span| (span.unwrap().file(), span.unwrap().line(), span.unwrap().column()));
        // Tokens that come from different places, through a macro, have no order.
        route.0 == cors.0 && cors.0 == function.0 && route < cors && cors < function
    }

    /// Where the attribute was written.
    pub(crate) fn span(&self) -> Span {
        span_of(&self.attribute)
    }
}

fn span_of(attribute: &Attribute) -> Span {
    syn::spanned::Spanned::span(attribute.path())
}

/// What can stand between the parentheses.
enum Argument {
    Path(LitStr),
    /// The value of `method = "..."`.
    Method(TokenStream),
    Option(TokenStream),
    /// It stands where the path belongs.
    NoPath(TokenStream),
}

fn read_argument(argument: TokenStream, is_first: bool) -> Argument {
    let mut tokens = argument.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Ident(key)), Some(TokenTree::Punct(mark))) if mark.as_char() == '=' => {
            if key == "method" {
                Argument::Method(tokens.collect())
            } else {
                Argument::Option(argument)
            }
        }
        _ if is_first => match syn::parse2(argument.clone()) {
            Ok(path) => Argument::Path(path),
            Err(_) => Argument::NoPath(argument),
        },
        _ => Argument::Option(argument),
    }
}
