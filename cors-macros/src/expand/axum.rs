//! A handler for axum: a name that only `routes!` and `methods!` take, and what they need of it.
//!
//! ```text
//! struct get_user {}
//! impl get_user { async fn call(...) { ... } }
//! const fn get_user() -> RegisterWithRoutes<get_user> { RegisterWithRoutes::NEW }
//!
//! impl Annotated for get_user {
//!     fn annotation() -> &'static Annotation {
//!         static __CORS: Kept = Kept::EMPTY;
//!         __CORS.own(::core::any::type_name::<get_user>(), b"...")
//!     }
//! }
//! impl Routed for get_user {}
//! ```

use std::iter;

use cors_core::__private::Mounted;
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{LitStr, Path};

use super::{Framework, Handler, NameIs, weld};
use crate::crate_path::{CratePath, Root};
use crate::function::Function;
use crate::report::Report;
use crate::route::{Route, Routes};

pub(crate) struct Axum;

/// The methods that axum can route.
const ROUTABLE: [&str; 9] =
    ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];

/// How many arguments the functions take that are handlers for axum.
const MOST_ARGUMENTS: usize = 16;

impl Framework for Axum {
    fn crate_path(&self) -> CratePath {
        CratePath::published(quote! { ::cors_axum })
    }

    fn served(&self, mut methods: Vec<String>) -> Vec<String> {
        if methods.iter().any(|it| it == "GET") && !methods.iter().any(|it| it == "HEAD") {
            methods.push("HEAD".to_owned());
        }
        methods
    }

    fn check_routes(&self, _: &Function, routes: &Routes, report: &mut Report) {
        if let Some(gathered) = &routes.gathered {
            report.error(
                syn::spanned::Spanned::span(gathered),
                "`#[routes]` is not known to axum",
                "leave it out: a handler may have several route attributes",
            );
        }
        for route in &routes.all {
            for method in &route.methods {
                check_method(method, report);
            }
            for option in &route.options {
                report.error_over(
                    option,
                    "a route attribute for axum takes a path and methods, nothing else",
                    "layers go on the list: `routes![...].layer(...)`",
                );
            }
            if let Some(path) = &route.path
                && !path.value().starts_with('/')
            {
                report.error(
                    path.span(),
                    &format!("the path `{}` does not start with a slash", path.value()),
                    &format!("write `\"/{}\"`", path.value()),
                );
            }
        }
    }

    fn stand_in(&self, function: &Function) -> Option<Route> {
        Some(Route::stand_in(function.name.span()))
    }

    fn listed(&self, name: &Path, span: Span) -> TokenStream {
        quote_spanned! { span=> #name(), <#name>::call }
    }

    fn list(&self, root: &Root, handlers: &[TokenStream], span: Span) -> TokenStream {
        let pairs = pairs(handlers, span);
        quote_spanned! { span=> #root::list(#pairs) }
    }

    fn expand(&self, root: &Root, handler: Handler) -> TokenStream {
        let Handler { function, routes, policy } = handler;
        let (name, span) = (&function.name, root.span(function.name.span()));
        let root = &root.published_at(span);
        let weld = weld(root, &function, &function.visibility, NameIs::Function);
        let mounted = routes.all.iter().map(|route| Mounted {
            path: route.path.as_ref().map(LitStr::value).unwrap_or_default(),
            methods: route.methods.iter().map(LitStr::value).collect(),
            name: String::new(),
            is_guarded: false,
        });
        let annotation = policy.annotation(root, name, &mounted.collect::<Vec<_>>());
        let is_routed = routes.all.iter().all(|route| route.path.is_some());
        let routed = is_routed.then(|| quote_spanned! { span=> impl #root::Routed for #name {} });
        let arguments = match function.arguments() {
            Some(count) if count <= MOST_ARGUMENTS => {
                let arguments = iter::repeat_n(quote_spanned! { span=> (), }, count);
                quote_spanned! { span=> (#(#arguments)*) }
            }
            _ => quote_spanned! { span=> #root::Unknown },
        };
        quote_spanned! { span=>
            #weld

            #[automatically_derived]
            impl #root::Annotated for #name {
                type Arguments = #arguments;

                #[inline]
                fn annotation() -> &'static #root::Annotation {
                    #annotation
                }
            }

            #routed
        }
    }
}

/// One value of all handlers: as long as the state of the list is to be inferred, the compiler holds
/// one bound on it, and not several for each name, all of which it tries again at each name.
fn pairs(handlers: &[TokenStream], span: Span) -> TokenStream {
    match handlers {
        [] => quote_spanned! { span=> () },
        [handler] => handler.clone(),
        _ => {
            let (left, right) = handlers.split_at(handlers.len() / 2);
            let (left, right) = (pairs(left, span), pairs(right, span));
            quote_spanned! { span=> (#left, #right) }
        }
    }
}

fn check_method(method: &LitStr, report: &mut Report) {
    let name = method.value();
    let upper = name.to_ascii_uppercase();
    if ROUTABLE.contains(&name.as_str()) {
        return;
    }
    let help = if ROUTABLE.contains(&upper.as_str()) {
        format!("write `\"{upper}\"`")
    } else {
        format!("the methods are `{}`", ROUTABLE.join("`, `"))
    };
    report.error(method.span(), &format!("axum cannot route the method `{name}`"), &help);
}
