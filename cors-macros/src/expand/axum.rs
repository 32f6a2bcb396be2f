//! A handler for axum: the function as it was, and beside it a companion of the same name
//! in the type namespace, which `routes!` asks for path, methods and policy.
//!
//! ```text
//! async fn get_user(...) { ... }
//!
//! struct get_user {}
//! impl Annotated for get_user { fn endpoint() -> &'static Endpoint { ... } }
//! impl Routed for get_user { const PATH: &str = "/users/{id}"; }
//! ```

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::LitStr;

use super::{Framework, Handler};
use crate::function::Function;
use crate::report::Report;
use crate::route::{Route, Routes};

pub(crate) struct Axum;

/// The methods that axum can route.
const ROUTABLE: [&str; 9] =
    ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];

impl Framework for Axum {
    fn root(&self) -> TokenStream {
        quote! { ::cors_axum::__private }
    }

    fn attribute(&self) -> TokenStream {
        quote! { ::cors_axum::cors }
    }

    fn served(&self, mut methods: Vec<String>) -> Vec<String> {
        if methods.iter().any(|it| it == "GET") && !methods.iter().any(|it| it == "HEAD") {
            methods.push("HEAD".to_owned());
        }
        methods
    }

    fn check_routes(&self, function: &Function, routes: &Routes, report: &mut Report) {
        if let Some(gathered) = &routes.gathered {
            report.error(
                syn::spanned::Spanned::span(gathered),
                "`#[routes]` is not known to axum",
                "write one `#[route(\"/path\", method = \"GET\", method = \"PUT\")]`",
            );
        }
        for second in routes.all.iter().skip(1) {
            report.error(
                second.span(),
                &format!("`{}` has more than one route attribute", function.name),
                "for several methods write one `#[route(\"/path\", method = \"GET\", method = \
                 \"PUT\")]`; for several paths, use the function in `Router::route`",
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

    fn expand(&self, handler: Handler) -> TokenStream {
        let root = self.root();
        let Handler { function, routes, policy } = handler;
        let above = &routes.above;
        let visibility = &function.visibility;
        let mut companion = function.name.clone();
        // Lints look at where a name comes from: this one comes from the macro.
        companion.set_span(Span::mixed_site().located_at(function.name.span()));
        let name = function.name.to_string();
        let declared = routes.methods();
        let served = self.served(declared.clone());
        let routed =
            routes.all.first().and_then(|route| route.path.as_ref()).map(|path: &LitStr| {
                quote! {
                    impl #root::Routed for #companion {
                        const PATH: &'static str = #path;
                    }
                }
            });
        quote! {
            #(#above)*
            #function

            #[doc(hidden)]
            #[allow(non_camel_case_types, dead_code)]
            #visibility struct #companion {}

            #[automatically_derived]
            impl #root::Annotated for #companion {
                fn endpoint() -> &'static #root::Endpoint {
                    static __CORS_ENDPOINT: #root::Endpoint = #root::Endpoint {
                        handler: ::core::concat!(::core::module_path!(), "::", #name),
                        place: ::core::concat!(::core::file!(), ":", ::core::line!()),
                        methods: &[#(#declared),*],
                        served: &[#(#served),*],
                        policy: #policy,
                    };
                    &__CORS_ENDPOINT
                }
            }

            #routed
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
