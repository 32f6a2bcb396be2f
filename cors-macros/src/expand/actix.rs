//! A handler for actix-web: a name that `App::service` and `routes!` take, which makes one
//! resource for each route attribute, as actix's own attributes do.
//!
//! ```text
//! pub struct update_user {}
//! impl update_user { async fn call(...) { ... } }
//! pub const update_user: RegisterWithRoutes<update_user> = RegisterWithRoutes::NEW;
//!
//! impl Annotated for update_user {
//!     fn annotation() -> &'static Annotation {
//!         static __CORS: Kept = Kept::EMPTY;
//!         __CORS.own(::core::any::type_name::<update_user>(), b"...")
//!     }
//!     fn register(__index: usize, __mount: Mount, __config: &mut AppService) {
//!         __mount.handle(update_user::call, __config);
//!     }
//! }
//! ```

use std::iter;

use cors_core::__private::Mounted;
use cors_core::__private::meant::nearest;
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Attribute, LitStr, Path};

use super::{Framework, Handler, NameIs, weld};
use crate::crate_path::{CratePath, Root};
use crate::function::Function;
use crate::report::Report;
use crate::route::{Route, Routes};

pub(crate) struct Actix;

impl Framework for Actix {
    fn crate_path(&self) -> CratePath {
        CratePath::published(quote! { ::cors_actix })
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
            match &route.path {
                Some(path) => check_path(path, report),
                None => report.error(
                    route.span(),
                    "the route attribute has no path",
                    "write `#[get(\"/path\")]`",
                ),
            }
            for method in &route.methods {
                check_method(method, report);
            }
            for option in &route.options {
                if let Err(Objection { tokens, message, help }) = Setting::read(option) {
                    report.error_over(tokens, &message, &help);
                }
            }
        }
        if !function.returns && !routes.all.is_empty() {
            report.error(
                function.name.span(),
                &format!("`{}` returns nothing, and a handler returns a response", function.name),
                "write `-> impl Responder` behind its parameters",
            );
        }
    }

    fn stand_in(&self, _: &Function) -> Option<Route> {
        // Without a route attribute it is a function for `web::get().to(...)`, and stays one.
        None
    }

    fn listed(&self, name: &Path, span: Span) -> TokenStream {
        quote_spanned! { span=> #name }
    }

    fn list(&self, root: &Root, handlers: &[TokenStream], span: Span) -> TokenStream {
        let additions = handlers.iter().map(|handler| {
            let span = handler.span();
            quote_spanned! { span=> .merge(#handler) }
        });
        quote_spanned! { span=> #root::Routes::new() #(#additions)* }
    }

    fn expand(&self, root: &Root, handler: Handler) -> TokenStream {
        let Handler { function, routes, policy } = handler;
        let (name, span) = (&function.name, root.span(function.name.span()));
        let root = &root.published_at(span);
        // Public, because by default actix's own attributes make handlers public, however the
        // function is declared, and programs register those of private functions.
        let weld = weld(root, &function, &syn::parse_quote! { pub }, NameIs::Constant);
        // What returns nothing has been reported, and need not be rejected as a handler too.
        let registered = routes.all.iter().filter(|_| function.returns);
        let registrations = registered.enumerate().map(|(index, route)| {
            let registration = registration(root, &function, route);
            let mut index = Literal::usize_suffixed(index);
            index.set_span(span);
            quote_spanned! { span=> #index => #registration }
        });
        let mounted = routes.all.iter().map(|route| {
            let Settings { name, guards, .. } = Settings::read(name, route);
            Mounted {
                path: path(route),
                methods: route.methods.iter().map(LitStr::value).collect(),
                name,
                is_guarded: !guards.is_empty(),
            }
        });
        let annotation = policy.annotation(root, name, &mounted.collect::<Vec<_>>());
        let attributes = routes.all.iter().map(|route| &route.attribute).chain(&routes.gathered);
        let imports = attributes.map(keep_import);
        quote_spanned! { span=>
            #weld

            #[automatically_derived]
            impl #root::Annotated for #name {
                #[inline]
                fn annotation() -> &'static #root::Annotation {
                    #annotation
                }

                #[inline]
                #[allow(unused_variables)]
                fn register(
                    __index: usize,
                    __mount: #root::Mount,
                    __config: &mut #root::AppService,
                ) {
                    #(#imports)*
                    match __index {
                        #(#registrations)*
                        _ => {}
                    }
                }
            }
        }
    }
}

/// The path of a route, with the slash in front that actix adds; another stands in for one that
/// is missing, which has been reported.
fn path(route: &Route) -> String {
    let path = route.path.as_ref().map_or_else(|| "/".to_owned(), LitStr::value);
    if path.is_empty() || path.starts_with('/') { path } else { format!("/{path}") }
}

/// The expression that registers the resource of a route.
fn registration(root: &Root, function: &Function, route: &Route) -> TokenStream {
    let handler = &function.name;
    let Settings { guards, wraps, .. } = Settings::read(handler, route);
    // An error of the compiler about the handler points at its route.
    let span = route.span().resolved_at(root.span(handler.span()));
    // One type for each argument, so that the compiler does not try every number of them.
    let arguments = function.arguments().map(|count| {
        let arguments = iter::repeat_n(quote_spanned! { span=> _, }, count);
        quote_spanned! { span=> ::<_, (#(#arguments)*)> }
    });
    quote_spanned! { span=>
        __mount #(.guarded(#root::fn_guard(#guards)))* #(.wrap(#wraps))*
            .handle #arguments (<#handler>::call, __config),
    }
}

/// What stands behind the path of a route.
struct Settings {
    name: String,
    guards: Vec<Path>,
    wraps: Vec<TokenStream>,
}

impl Settings {
    /// What could not be read has been reported.
    fn read(handler: &Ident, route: &Route) -> Self {
        let mut settings =
            Self { name: handler.to_string(), guards: Vec::new(), wraps: Vec::new() };
        for setting in route.options.iter().filter_map(|option| Setting::read(option).ok()) {
            match setting {
                Setting::Name(own) => settings.name = own.value(),
                Setting::Guard(guard) => settings.guards.push(guard),
                Setting::Wrap(wrap) => settings.wraps.push(wrap),
            }
        }
        settings
    }
}

/// What may stand behind the path, in actix's own words.
enum Setting {
    Name(LitStr),
    Guard(Path),
    Wrap(TokenStream),
}

const SETTINGS: [&str; 4] = ["name", "guard", "wrap", "method"];

/// Why something behind the path is none of it.
struct Objection {
    tokens: TokenStream,
    message: String,
    help: String,
}

impl Setting {
    fn read(option: &TokenStream) -> Result<Self, Objection> {
        let mut tokens = option.clone().into_iter();
        let key = match (tokens.next(), tokens.next()) {
            (Some(TokenTree::Ident(key)), None) => key,
            (Some(TokenTree::Ident(key)), Some(TokenTree::Punct(mark)))
                if mark.as_char() == '=' =>
            {
                key
            }
            (Some(TokenTree::Literal(_)), None) => {
                return Err(Objection {
                    tokens: option.clone(),
                    message: "a route attribute has one path".to_owned(),
                    help: "for several paths put `#[routes]` between `#[cors]` and one route \
                           attribute for each"
                        .to_owned(),
                });
            }
            _ => return Err(Objection::unknown(option)),
        };
        let value: TokenStream = tokens.collect();
        let text = |example: &str| {
            syn::parse2::<LitStr>(value.clone()).map_err(|_| Objection {
                tokens: if value.is_empty() { option.clone() } else { value.clone() },
                message: format!("`{key}` takes a string literal"),
                help: format!("write `{key} = \"{example}\"`"),
            })
        };
        if key == "name" {
            text("user").map(Self::Name)
        } else if key == "guard" {
            let text = text("is_json")?;
            text.parse().map(Self::Guard).map_err(|_| Objection {
                tokens: value,
                message: format!("`{}` is not the path of a function", text.value()),
                help: "write the name of a function from `&GuardContext<'_>` to `bool`".to_owned(),
            })
        } else if key == "wrap" {
            let text = text("NormalizePath::trim()")?;
            let wrap = text.parse::<TokenStream>().ok().filter(|wrap| !wrap.is_empty());
            wrap.map(Self::Wrap).ok_or_else(|| Objection {
                tokens: value,
                message: format!("`{}` is not an expression", text.value()),
                help: "write an expression that makes a middleware, such as \
                       `wrap = \"NormalizePath::trim()\"`"
                    .to_owned(),
            })
        } else {
            Err(Objection::unknown(key))
        }
    }
}

impl Objection {
    fn unknown(tokens: impl ToTokens) -> Self {
        let tokens = tokens.into_token_stream();
        let help = match nearest(&tokens.to_string(), SETTINGS.map(|name| (name, name))) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "the path may be followed by `name`, `guard` and `wrap`, each with a string literal, and in \
                     `#[route]` also `method`"
                .to_owned(),
        };
        Self {
            message: format!("a route attribute for actix-web has no option `{tokens}`"),
            help,
            tokens,
        }
    }
}

/// Reports the methods that actix cannot route.
fn check_method(method: &LitStr, report: &mut Report) {
    let name = method.value();
    if name.is_empty() || !name.chars().all(|letter| letter.is_ascii_uppercase()) {
        let message = format!("actix cannot route the method `{name}`");
        let upper = name.to_ascii_uppercase();
        let help = if upper.chars().all(|letter| letter.is_ascii_uppercase()) && !upper.is_empty() {
            format!("write `\"{upper}\"`")
        } else {
            "a method is a word in upper case, such as `\"PUT\"`".to_owned()
        };
        report.error(method.span(), &message, &help);
    }
}

/// Reports a path at which actix would panic when the program starts.
#[cfg(feature = "actix")]
fn check_path(path: &LitStr, report: &mut Report) {
    let text = path.value();
    let read = std::panic::catch_unwind(|| drop(actix_router::ResourceDef::new(text.as_str())));
    let Err(panic) = read else { return };
    let why = match panic.downcast::<String>() {
        Ok(why) => *why,
        Err(panic) => panic.downcast::<&str>().map_or_else(|_| String::new(), |why| (*why).into()),
    };
    report.error(
        path.span(),
        &format!("actix cannot read the path `{text}`: {why}"),
        "write a segment that varies as `{name}`, or as `{name:[0-9]+}` with a regular expression",
    );
}

#[cfg(not(feature = "actix"))]
fn check_path(_: &LitStr, _: &mut Report) {}

/// The user imported `get` for the attribute that is gone; without a use in its place, the
/// compiler would call the import unused.
fn keep_import(attribute: &Attribute) -> TokenStream {
    let path = attribute.path();
    // An import that is missing is reported at the attribute.
    quote_spanned! { path.span()=>
        #[allow(unused_imports)]
        use #path as _;
    }
}
