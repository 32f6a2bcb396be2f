//! A handler for actix-web: the type of the handler's name that programs register, which
//! makes one resource for each route attribute, as actix's own attributes do. The resource
//! also lets in preflights for its methods.
//!
//! ```text
//! #[::cors_actix::__private::handler {
//!     let __endpoints = <update_user as Annotated>::endpoints();
//!     let (__resource, __mount) = mount(__prefix, __endpoints, 0);
//!     __mount.register(__resource.name("update_user").to(update_user), __config);
//! }]
//! async fn update_user(...) { ... }
//! ```
//!
//! and when the attributes in front of the route attribute have expanded:
//!
//! ```text
//! pub struct update_user;
//! impl Registered for update_user {
//!     fn register(__prefix: &str, __config: &mut AppService) {
//!         async fn update_user(...) { ... }
//!         ...
//!     }
//! }
//! impl HttpServiceFactory for update_user { ... }
//! ```

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, LitStr, Path, Visibility};

use super::{ARRANGEMENT, Framework, Handler};
use crate::function::{Function, NotAFunction};
use crate::keys::nearest;
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

    fn expand(&self, handler: Handler) -> TokenStream {
        let root = self.root();
        let Handler { function, routes, policy } = handler;
        let above = &routes.above;
        let handler = &function.name;
        let name = handler.to_string();
        // What returns nothing has been reported, and need not be refused as a handler too.
        let registered = routes.all.iter().filter(|_| function.returns);
        let registrations =
            registered.enumerate().map(|(index, route)| registration(&root, handler, index, route));
        // One policy for all routes; where there is one route, each item less counts: a program
        // has hundreds of handlers.
        let (shared, policy) = match routes.all.as_slice() {
            [_] => (None, policy),
            _ => (
                Some(quote! { const __CORS_POLICY: &#root::Policy = #policy; }),
                quote! { __CORS_POLICY },
            ),
        };
        let endpoints = routes.all.iter().map(|route| {
            let path = path(route);
            let served = &route.methods;
            let mut settings = route.options.iter().filter_map(|it| Setting::read(it).ok());
            let is_guarded = settings.any(|setting| matches!(setting, Setting::Guard(_)));
            quote! {
                #root::Endpoint {
                    handler: ::core::concat!(::core::module_path!(), "::", #name),
                    place: ::core::concat!(::core::file!(), ":", ::core::line!()),
                    path: #path,
                    served: &[#(#served),*],
                    is_guarded: #is_guarded,
                    policy: #policy,
                }
            }
        });
        let attributes = routes.all.iter().map(|route| &route.attribute).chain(&routes.gathered);
        let imports = attributes.map(keep_import);
        quote! {
            #(#above)*
            #[#root::handler { #(#registrations)* }]
            #function

            #[automatically_derived]
            impl #root::Annotated for #handler {
                fn endpoints() -> &'static [#root::Endpoint] {
                    #(#imports)*
                    #shared
                    static __CORS_ENDPOINTS: &[#root::Endpoint] = &[#(#endpoints),*];
                    __CORS_ENDPOINTS
                }
            }
        }
    }
}

/// The type that programs register, around the function and the statements that register it.
pub(crate) fn handler(registrations: &TokenStream, item: &TokenStream) -> TokenStream {
    let root = Actix.root();
    let mut function = match Function::parse(item.clone()) {
        Ok(function) => function,
        Err(NotAFunction(span)) => {
            let mut report = Report::default();
            let message = "an attribute between `#[cors]` and the route attribute left no function";
            report.error(span, message, ARRANGEMENT);
            return quote! { #report #item };
        }
    };
    // Inside of another function, it is visible to nobody else.
    function.visibility = Visibility::Inherited;
    let mut name = function.name.clone();
    // Lints look at where a name comes from: this one comes from the macro.
    name.set_span(Span::mixed_site().located_at(name.span()));
    let documentation = function.attributes.iter().filter(|it| it.path().is_ident("doc"));
    // What is public for actix's sake alone, nobody has to document.
    let hidden = documentation.clone().next().is_none().then(|| quote! { #[doc(hidden)] });
    // Public, because by default actix's own attributes make handlers public, however the
    // function is declared, and programs register those of private functions.
    quote! {
        #(#documentation)*
        #hidden
        #[allow(non_camel_case_types)]
        pub struct #name;

        impl #root::Registered for #name {
            fn register(__prefix: &str, __config: &mut #root::AppService) {
                #function
                #registrations
            }
        }

        impl #root::HttpServiceFactory for #name {
            fn register(self, __config: &mut #root::AppService) {
                <Self as #root::Registered>::register("", __config);
            }
        }
    }
}

/// The path of a route, with the slash in front that actix adds; another stands in for one that
/// is missing, which has been reported.
fn path(route: &Route) -> LitStr {
    let Some(path) = &route.path else { return LitStr::new("/", route.span()) };
    let text = path.value();
    if text.is_empty() || text.starts_with('/') {
        path.clone()
    } else {
        LitStr::new(&format!("/{text}"), path.span())
    }
}

/// The statement that registers the resource of a route.
fn registration(root: &TokenStream, handler: &Ident, index: usize, route: &Route) -> TokenStream {
    let mut name = handler.to_string();
    let (mut guards, mut wraps) = (Vec::new(), Vec::new());
    for setting in route.options.iter().filter_map(|option| Setting::read(option).ok()) {
        match setting {
            Setting::Name(own) => name = own.value(),
            Setting::Guard(guard) => guards.push(guard),
            Setting::Wrap(wrap) => wraps.push(wrap),
        }
    }
    // Where the compiler has something to say about the handler, it points at its route.
    quote_spanned! { Span::call_site().located_at(route.span())=>
        {
            let __endpoints = <#handler as #root::Annotated>::endpoints();
            let (__resource, __mount) = #root::mount(__prefix, __endpoints, #index);
            __mount #(.guarded(#root::fn_guard(#guards)))* .register(
                __resource.name(#name) #(.wrap(#wraps))* .to(#handler),
                __config,
            );
        }
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
                message: format!("`{key}` takes a text in double quotes"),
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
            None => "behind the path stand `name`, `guard` and `wrap`, each with a text, and in \
                     `#[route]` also `method`"
                .to_owned(),
        };
        Self {
            message: format!("a route attribute for actix-web knows no `{tokens}`"),
            help,
            tokens,
        }
    }
}

/// Refuses the methods that actix refuses.
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

/// Refuses a path that actix would refuse when the program starts.
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
    quote! {
        #[allow(unused_imports)]
        use #path as _;
    }
}
