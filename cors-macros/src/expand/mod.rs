//! From a checked policy to tokens. What differs between frameworks is one file each.

mod actix;
mod axum;
pub(crate) mod policy;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

pub(crate) use self::actix::Actix;
pub(crate) use self::axum::Axum;
use crate::args::Args;
use crate::check::check;
use crate::function::{Function, NotAFunction};
use crate::lower::lower;
use crate::report::Report;
use crate::route::Routes;

/// What the macro knows of a framework: where its adapter lives, and how a handler with a
/// policy is written for it.
pub(crate) trait Framework {
    /// The hidden module of the adapter that expanded code is made of.
    fn root(&self) -> TokenStream;

    /// The methods that the framework answers with a handler that declares `methods`.
    fn served(&self, methods: Vec<String>) -> Vec<String>;

    /// Refuses what the framework cannot route.
    fn check_routes(&self, function: &Function, routes: &Routes, report: &mut Report);

    /// The function, and what stands beside it.
    fn expand(&self, handler: Handler) -> TokenStream;
}

/// A handler with its policy, ready to be written.
pub(crate) struct Handler {
    pub(crate) function: Function,
    pub(crate) routes: Routes,
    /// An expression of type `&'static Policy`.
    pub(crate) policy: TokenStream,
}

/// The right arrangement, for every message that says it is wrong.
const ARRANGEMENT: &str = "put it above the route attribute of a handler:\n      \
    #[cors(origins = [\"https://app.example.com\"])]\n      \
    #[get(\"/users\")]\n      \
    async fn users() { ... }";

/// Expands `#[cors(...)]`.
pub(crate) fn attribute(
    framework: &dyn Framework,
    args: TokenStream,
    item: TokenStream,
) -> TokenStream {
    let mut report = Report::default();
    let mut function = match Function::parse(item.clone()) {
        Ok(function) => function,
        Err(NotAFunction::Other(span)) => {
            report.error(span, "`#[cors]` stands on something that is no function", ARRANGEMENT);
            return quote! { #report #item };
        }
        // The compiler says what is wrong with it.
        Err(NotAFunction::Unreadable) => return item,
    };
    if function.is_method {
        let message = "`#[cors]` stands on a method, and a handler is a function";
        report.error(function.name.span(), message, ARRANGEMENT);
        return quote! { #report #item };
    }
    let routes = Routes::take(&mut function.attributes, &mut report);
    if routes.routes.is_empty() && report.is_empty() {
        report.error(
            function.name.span(),
            &format!("`#[cors]` finds no route attribute below it on `{}`", function.name),
            ARRANGEMENT,
        );
    }
    framework.check_routes(&function, &routes, &mut report);

    let args = Args::parse(args, &mut report);
    let policy = if let Some(path) = &args.policy {
        // A path that is no policy is the compiler's to explain, at the path.
        let root = framework.root();
        quote_spanned! { syn::spanned::Spanned::span(path)=> {
            let policy: &'static #root::Policy = &#path;
            policy
        } }
    } else {
        let served = framework.served(routes.methods());
        let (spec, spans) = lower(&args.entries, Some(served), Span::call_site());
        let root = framework.root();
        // A key that could not be read must not cause a second error about its absence.
        let policy = if report.is_empty() || !args.entries.is_empty() {
            check(spec, &spans, &mut report)
        } else {
            None
        };
        let policy = policy::expand(&root, policy.as_ref());
        quote! { {
            static POLICY: #root::Policy = #policy;
            &POLICY
        } }
    };

    if routes.routes.is_empty() {
        return quote! { #report #item };
    }
    let handler = framework.expand(Handler { function, routes, policy });
    let mut tokens = report.to_token_stream();
    tokens.extend(handler);
    tokens
}
