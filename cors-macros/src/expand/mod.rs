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
use crate::module::Module;
use crate::report::Report;
use crate::route::Routes;
use syn::spanned::Spanned;

/// What the macro knows of a framework: where its adapter lives, and how a handler with a
/// policy is written for it.
pub(crate) trait Framework {
    /// The hidden module of the adapter that expanded code is made of.
    fn root(&self) -> TokenStream;

    /// The path of the attribute.
    fn attribute(&self) -> TokenStream;

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
            if let Some(module) = Module::parse(item.clone()) {
                return expand_module(framework, args, &module);
            }
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
    let root = framework.root();
    let policy = if let Some(path) = &args.policy {
        // A path that is no policy is the compiler's to explain, at the path.
        quote_spanned! { path.span()=> {
            let policy: &'static #root::Policy = &#path;
            policy
        } }
    } else {
        let served = framework.served(routes.methods());
        let policy = declared(&root, &args, Some(served), &mut report);
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

/// Expands `#[cors(...)]` on a module: its policy, judged once, is the default inside.
fn expand_module(framework: &dyn Framework, args: TokenStream, module: &Module) -> TokenStream {
    let mut report = Report::default();
    let args = Args::parse(args, &mut report);
    let root = framework.root();
    if let Some(path) = &args.policy {
        report.error(
            path.span(),
            "`#[cors]` on a module declares a policy of its own",
            "declare it here, or write `policy = ...` above each handler",
        );
    }
    let policy = declared(&root, &args, None, &mut report);
    let module = module.expand(&root, &framework.attribute(), &policy);
    quote! { #report #module }
}

/// The policy that an attribute declares, as the initialiser of a `static`.
fn declared(
    root: &TokenStream,
    args: &Args,
    served: Option<Vec<String>>,
    report: &mut Report,
) -> TokenStream {
    let (spec, spans) = lower(&args.entries, served, Span::call_site());
    // A key that could not be read must not cause a second error about its absence.
    let is_judged = report.is_empty() || !args.entries.is_empty();
    let policy = (is_judged && !args.none).then(|| check(&spec, &spans, report)).flatten();
    policy::expand(root, policy.as_ref())
}
