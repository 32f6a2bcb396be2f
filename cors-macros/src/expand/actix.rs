//! A handler for actix-web: its route attribute, rewritten so that preflights for its
//! methods reach it, and are answered before anything else sees them. Routing stays
//! actix's.
//!
//! ```text
//! #[::actix_web::route("/users/{id}", method = "PUT", method = "OPTIONS", <options>,
//!     guard = "__cors_update_user::admits", wrap = "__cors_update_user::cors()")]
//! async fn update_user(...) { ... }
//! ```
//!
//! A wrap that is registered last runs first, so preflights pass no other middleware.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::LitStr;

use super::{Framework, Handler};
use crate::function::Function;
use crate::report::Report;
use crate::route::{Route, Routes};

pub(crate) struct Actix;

impl Framework for Actix {
    fn root(&self) -> TokenStream {
        quote! { ::cors_actix::__private }
    }

    fn attribute(&self) -> TokenStream {
        quote! { ::cors_actix::cors }
    }

    fn served(&self, methods: Vec<String>) -> Vec<String> {
        methods
    }

    fn check_routes(&self, function: &Function, routes: &Routes, report: &mut Report) {
        if routes.gathered.is_none() {
            for second in routes.all.iter().skip(1) {
                report.error(
                    second.span(),
                    &format!("`{}` has more than one route attribute", function.name),
                    "put `#[routes]` between `#[cors]` and the first of them",
                );
            }
        }
        for route in &routes.all {
            if route.path.is_none() {
                report.error(
                    route.span(),
                    "the route attribute has no path",
                    "write `#[get(\"/path\")]`",
                );
            }
        }
    }

    fn stand_in(&self, _: &Function) -> Option<Route> {
        // Without a route attribute it is a function for `web::get().to(...)`, and stays one.
        None
    }

    fn expand(&self, handler: Handler) -> TokenStream {
        let root = self.root();
        let Handler { function, routes, policy } = handler;
        let above = &routes.above;
        let companion = format_ident!("__cors_{}", function.name);
        // actix makes a type of the handler's name, which is what programs register.
        let handler = &function.name;
        let name = handler.to_string();
        let served = routes.methods();
        let paths = routes.all.iter().filter_map(|route| route.path.as_ref());
        let attributes = if let Some(gathered) = &routes.gathered {
            let twins = routes.all.iter().map(|route| gathered_route(&companion, route));
            quote! { #gathered #(#twins)* }
        } else {
            // A second one has been reported.
            routes.all.iter().take(1).map(|route| single_route(&companion, route)).collect()
        };
        let imports = routes.all.iter().map(keep_import);
        // The companion has no more than its routes use, for what is unused is warned about.
        let single = routes.gathered.is_none();
        let admits = single.then(|| {
            quote! {
                fn admits(context: &#root::GuardContext<'_>) -> bool {
                    #root::admits(<#handler as #root::Annotated>::endpoint(), context)
                }
            }
        });
        let preflight = (!single).then(|| {
            quote! {
                fn preflight(context: &#root::GuardContext<'_>) -> bool {
                    #root::is_preflight_for(<#handler as #root::Annotated>::endpoint(), context)
                }
            }
        });
        quote! {
            #(#above)*
            #attributes
            #function

            #[automatically_derived]
            impl #root::Annotated for #handler {
                fn endpoint() -> &'static #root::Endpoint {
                    static ENDPOINT: #root::Endpoint = #root::Endpoint {
                        handler: ::core::concat!(::core::module_path!(), "::", #name),
                        place: ::core::concat!(::core::file!(), ":", ::core::line!()),
                        paths: &[#(#paths),*],
                        served: &[#(#served),*],
                        policy: #policy,
                    };
                    &ENDPOINT
                }
            }

            #[doc(hidden)]
            #[allow(non_camel_case_types)]
            struct #companion;

            #[automatically_derived]
            impl #companion {
                #admits
                #preflight

                fn cors() -> #root::Cors {
                    #root::annotation(<#handler as #root::Annotated>::endpoint())
                }
            }

            #(#imports)*
        }
    }
}

/// `#[put(path, options)]` as `#[route(path, method = "PUT", method = "OPTIONS", ...)]`.
fn single_route(companion: &Ident, route: &Route) -> TokenStream {
    let Route { methods, options, .. } = route;
    let path = path_of(route);
    let serves_options = methods.iter().any(|method| method.value() == "OPTIONS");
    let preflights = (!serves_options).then(|| quote! { , method = "OPTIONS" });
    let admits = member(companion, "admits", &path);
    let cors = member(companion, "cors()", &path);
    quote! {
        #[::actix_web::route(
            #path #(, method = #methods)* #preflights #(, #options)*, guard = #admits, wrap = #cors
        )]
    }
}

/// `#[routes]` knows no `#[route]`, so a route for preflights stands beside each of its own.
fn gathered_route(companion: &Ident, route: &Route) -> TokenStream {
    let Route { options, attribute, methods, .. } = route;
    let path = path_of(route);
    let name = attribute.path().segments.last().map(|segment| &segment.ident);
    let preflight = member(companion, "preflight", &path);
    let cors = member(companion, "cors()", &path);
    let twin = (methods.iter().all(|method| method.value() != "OPTIONS")).then(|| {
        quote! { #[options(#path #(, #options)*, guard = #preflight, wrap = #cors)] }
    });
    quote! {
        #twin
        #[#name(#path #(, #options)*, wrap = #cors)]
    }
}

/// The path; another stands in for one that is missing, which has been reported.
fn path_of(route: &Route) -> LitStr {
    route.path.clone().unwrap_or_else(|| LitStr::new("/", route.span()))
}

/// A path into the companion, in the quotes that actix wants it in.
fn member(companion: &Ident, member: &str, path: &LitStr) -> LitStr {
    LitStr::new(&format!("{companion}::{member}"), path.span())
}

/// The user imported `get` for the attribute that is gone; without a use in its place, the
/// compiler would call the import unused.
fn keep_import(route: &Route) -> TokenStream {
    let path = route.attribute.path();
    quote! {
        #[allow(unused_imports)]
        const _: () = { use #path as _; };
    }
}
