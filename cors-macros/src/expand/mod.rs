//! From a checked policy to tokens. What differs between frameworks is one file each.

mod actix;
mod axum;
mod passed;
pub(crate) mod policy;

use cors_core::__private::{Mounted, Writer};
use cors_core::{Field, Policy};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Path, Visibility};

pub(crate) use self::actix::Actix;
pub(crate) use self::axum::Axum;
use self::passed::Passed;
use self::policy::{Static, no_origin};
use crate::args::{Args, Declaration};
use crate::check::{Builds, Checked, check};
use crate::crate_path::{CratePath, Root};
use crate::function::{Function, NotAFunction, without_routes};
use crate::lower::lower;
use crate::module::Module;
use crate::report::Report;
use crate::route::{Route, Routes};

/// What the macro needs of a framework: the path of its adapter, and how a handler with a
/// policy is written for it.
pub(crate) trait Framework {
    /// Where its adapter is, unless `crate = PATH` is given.
    fn crate_path(&self) -> CratePath;

    /// The methods that the framework answers with a handler that declares `methods`.
    fn served(&self, methods: Vec<String>) -> Vec<String>;

    /// Refuses what the framework cannot route.
    fn check_routes(&self, function: &Function, routes: &Routes, report: &mut Report);

    /// A route for a function that has none, which has been reported: where the function
    /// could be used as a handler all the same, that should not be a second error.
    fn stand_in(&self, function: &Function) -> Option<Route>;

    /// What a list is given of a handler: on axum the function beside the name, because its type
    /// is the caller's to infer.
    fn listed(&self, name: &Path, span: Span) -> TokenStream;

    /// The list of handlers that a macro made of names.
    fn list(&self, root: &Root, handlers: &[TokenStream], span: Span) -> TokenStream;

    /// The function, and what stands beside it, made of the hidden module `root`.
    fn expand(&self, root: &Root, handler: Handler) -> TokenStream;
}

/// A handler with its policy, ready to be written.
pub(crate) struct Handler {
    pub(crate) function: Function,
    pub(crate) routes: Routes,
    pub(crate) policy: HandlerPolicy,
}

/// The policy of a handler.
pub(crate) struct HandlerPolicy {
    source: Source,
    /// An expression of type `PolicyRef` for the one that is to come, if there is one.
    candidate: Option<TokenStream>,
}

/// Where it is.
enum Source {
    /// It is recorded with the handler.
    Own(Builds<Policy>),
    /// It is elsewhere: an expression of type `PolicyRef`.
    Elsewhere(TokenStream),
}

impl HandlerPolicy {
    const fn own(policy: Builds<Policy>) -> Self {
        Self { source: Source::Own(policy), candidate: None }
    }

    const fn elsewhere(policy: TokenStream) -> Self {
        Self { source: Source::Elsewhere(policy), candidate: None }
    }

    /// The same with the policy that is to come, which another name leads to.
    fn with_candidate(self, candidate: &Path) -> Self {
        // A path that is no policy is the compiler's to explain, at the path.
        let candidate = quote_spanned! { candidate.span()=> #candidate.as_policy_ref() };
        Self { candidate: Some(candidate), ..self }
    }

    /// The body of a function that returns what the attribute records of a handler: its routes, and
    /// itself with its policy.
    fn annotation(&self, root: &Root, name: &Ident, routes: &[Mounted<String>]) -> TokenStream {
        let span = root.span(name.span());
        let record = |policy: Option<&Policy>| {
            let mut data = Writer::default();
            data.routes(routes);
            if let Some(policy) = policy {
                data.policy(policy);
            }
            let mut data = Literal::byte_string(&data.into_bytes());
            data.set_span(span);
            quote_spanned! { span=> ::core::any::type_name::<#name>(), #data }
        };
        // The arguments are evaluated for each request on axum: they name policies, and what is made of
        // these is made once, where it is kept.
        let candidate = self.candidate.as_ref();
        let read = match &self.source {
            Source::Own(policy) => policy.expand(|policy| {
                let record = record(Some(policy));
                match candidate {
                    None => quote_spanned! { span=> { __CORS.own(#record) } },
                    Some(candidate) => {
                        quote_spanned! { span=> { __CORS.own_beside(#record, #candidate) } }
                    }
                }
            }),
            Source::Elsewhere(policy) => {
                let record = record(None);
                match candidate {
                    None => quote_spanned! { span=> __CORS.elsewhere(#record, #policy) },
                    Some(candidate) => {
                        quote_spanned! { span=>
                            __CORS.elsewhere_beside(#record, #policy, #candidate)
                        }
                    }
                }
            }
        };
        quote_spanned! { span=>
            static __CORS: #root::Kept = #root::Kept::EMPTY;
            #read
        }
    }
}

/// The right arrangement, for every message about a wrong one.
const ARRANGEMENT: &str = "put it above the route attribute of a handler:\n      \
    #[cors(origins = [\"https://app.example.com\"])]\n      \
    #[get(\"/users\")]\n      \
    async fn users() { ... }";

/// Expands `#[cors(...)]`.
pub(crate) fn attribute(
    framework: &dyn Framework,
    args: &TokenStream,
    item: TokenStream,
) -> TokenStream {
    let (passed, args) = Passed::take(args);
    let args = &args;
    let mut unread = Report::default();
    let mut declaration = Declaration::parse(args.clone(), &mut unread);
    declaration.refuse_base(&mut unread);
    declaration.refuse_candidate(&mut unread);
    let Declaration { args: read, candidate, from, .. } = declaration;
    let path = from.and_then(|from| from.path);
    let path = path.map_or_else(|| framework.crate_path(), |path| CratePath::written(&path));
    if let Some(module) = Module::parse(item.clone()) {
        let key = candidate.map(|candidate| candidate.key);
        return expand_module(&path.inside(), &read, key, &module, unread);
    }
    let function = match Function::parse(item.clone()) {
        Ok(function) => match passed.behind_other_macros(&path, args, function) {
            Ok(function) => Ok(function),
            Err(reordered) => return reordered,
        },
        Err(error) => Err(error),
    };
    let mut report = Report::default();
    let handler = read_handler(framework, function, &mut report);
    let methods = handler.as_ref().map(|(_, routes)| routes.methods());
    let served = methods.filter(|methods| !methods.is_empty()).map(|it| framework.served(it));
    report.append(unread);
    let root = path.root();
    let policy = expand_policy(&root, &read, served, &mut report);
    let policy = match candidate.and_then(|candidate| candidate.path) {
        Some(candidate) => policy.with_candidate(&candidate),
        None => policy,
    };
    let handler = handler.and_then(|(function, mut routes)| {
        if routes.all.is_empty() {
            routes.all.push(framework.stand_in(&function)?);
        }
        Some(framework.expand(&root, Handler { function, routes, policy }))
    });
    let item = handler.unwrap_or_else(|| without_routes(item));
    quote! { #report #item }
}

/// The function and its routes, if there is a function.
fn read_handler(
    framework: &dyn Framework,
    function: Result<Function, NotAFunction>,
    report: &mut Report,
) -> Option<(Function, Routes)> {
    let mut function = match function {
        Ok(function) => function,
        Err(NotAFunction(span)) => {
            let message = "`#[cors]` is on an item that is neither a function nor an inline module";
            report.error(span, message, ARRANGEMENT);
            return None;
        }
    };
    if function.is_method {
        let message = "`#[cors]` is on a method, and a handler is a function";
        report.error(function.name.span(), message, ARRANGEMENT);
        return None;
    }
    function.refuse_second(report);
    let routes = Routes::take(&mut function.attributes, report);
    framework.check_routes(&function, &routes, report);
    if routes.all.first().is_some_and(|route| route.is_above(&function)) {
        report.error(Span::call_site(), "`#[cors]` is below the route attribute", ARRANGEMENT);
    }
    if routes.all.is_empty() {
        let message = format!("`#[cors]` finds no route attribute below it on `{}`", function.name);
        report.error(function.name.span(), &message, ARRANGEMENT);
    }
    Some((function, routes))
}

/// What the name of a handler is as a value.
#[derive(Clone, Copy)]
enum NameIs {
    /// A constant, for a framework that is given the name itself. No variable can have it too.
    Constant,
    /// A function that returns the same, for a framework whose lists are all that takes it.
    Function,
}

/// The name of a function as a type and as a value: what `routes!` takes, and nothing else.
///
/// ```text
/// struct get_user {}
/// impl get_user { async fn call(...) { ... } }
/// const fn get_user() -> RegisterWithRoutes<get_user> { RegisterWithRoutes::NEW }
/// ```
fn weld(root: &Root, function: &Function, visibility: &Visibility, name_is: NameIs) -> TokenStream {
    let (name, span) = (&function.name, root.span(function.name.span()));
    // The type has the span of the macro, so that lints do not apply to it.
    let mut type_ = name.clone();
    type_.set_span(Span::mixed_site().located_at(name.span()));
    let documentation = function.attributes.iter().filter(|it| it.path().is_ident("doc"));
    // What is public for registration's sake alone, has no need of documentation.
    let is_public = !matches!(visibility, Visibility::Inherited);
    let type_hidden = is_public.then(|| quote! { #[doc(hidden)] });
    let is_documented = documentation.clone().next().is_some();
    let hidden = (is_public && !is_documented).then(|| quote_spanned! { span=> #[doc(hidden)] });
    let conditions = function.attributes.iter().filter(|it| it.path().is_ident("cfg"));
    let conditions: Vec<_> = conditions.collect();
    let value = match name_is {
        NameIs::Constant => quote_spanned! { span=>
            #[allow(dead_code, non_upper_case_globals)]
            #visibility const #name: #root::RegisterWithRoutes<#name> =
                #root::RegisterWithRoutes::NEW;
        },
        NameIs::Function => quote_spanned! { span=>
            #[allow(dead_code, non_snake_case, clippy::single_call_fn)]
            #[inline]
            #visibility const fn #name() -> #root::RegisterWithRoutes<#name> {
                #root::RegisterWithRoutes::NEW
            }
        },
    };
    // A handler must return a future, whether it awaits or not. Clippy exempts functions that are passed
    // on by name from `unused_async`, and this one is not.
    let call = function.as_call();
    let call = quote_spanned! { span=>
        impl #name {
            #[allow(dead_code, clippy::unused_async)]
            #call
        }
    };
    quote! {
        #(#conditions)*
        #type_hidden
        #[allow(non_camel_case_types, dead_code)]
        #visibility struct #type_ {}

        #(#conditions)*
        #(#documentation)*
        #hidden
        #value

        #(#conditions)*
        #call
    }
}

/// The policy of a handler, for every form of the attribute.
fn expand_policy(
    root: &Root,
    args: &Args,
    served: Option<Vec<String>>,
    report: &mut Report,
) -> HandlerPolicy {
    match args {
        // A path that is no policy is the compiler's to explain, at the path.
        Args::Named(Some(path)) => {
            HandlerPolicy::elsewhere(quote_spanned! { path.span()=> #path.as_policy_ref() })
        }
        Args::Select(Some(path)) => {
            let name = quote! { #path }.to_string().replace(' ', "");
            HandlerPolicy::elsewhere(quote_spanned! { path.span()=>
                #root::PolicyRef::from_fn(#name, |request| {
                    #root::Chosen::chosen(#path(request))
                })
            })
        }
        Args::Delegated(_) => HandlerPolicy::elsewhere(quote! { #root::PolicyRef::delegated() }),
        Args::Declared(_) | Args::Named(None) | Args::Select(None) | Args::None(_) => {
            match declared(args, served, report) {
                // Where it was refused, the rest of the program is still to be checked.
                None => HandlerPolicy::own(Builds::alike(no_origin())),
                Some(Checked::Policy(policy)) => HandlerPolicy::own(policy),
                Some(cell) => {
                    let name = &Ident::new("POLICY", Span::mixed_site());
                    let (front, before) = (TokenStream::new(), TokenStream::new());
                    let cell = Static { root, front, name, before }.expand(Some(&cell));
                    HandlerPolicy::elsewhere(quote! { {
                        #cell
                        #name.as_policy_ref()
                    } })
                }
            }
        }
    }
}

/// Expands `#[cors(...)]` on a module: its policy, judged once, is the default inside.
fn expand_module(
    inside: &CratePath,
    args: &Args,
    candidate: Option<Span>,
    module: &Module,
    mut report: Report,
) -> TokenStream {
    let not_declared = match args {
        Args::Named(path) | Args::Select(path) => path.as_ref().map(Spanned::span),
        Args::Delegated(word) => Some(word.span()),
        Args::Declared(_) | Args::None(_) => None,
    };
    if let Some(span) = not_declared {
        report.error(
            span,
            "`#[cors]` on a module declares a policy of its own",
            "declare it here, or write the key above each handler",
        );
    }
    if let Some(key) = candidate {
        report.error(
            key,
            "`candidate` is on a module",
            "write it above each handler: `#[cors(policy = ..., candidate = ...)]`",
        );
    }
    let checked = declared(args, None, &mut report);
    let module = module.expand(inside, checked.as_ref(), &mut report);
    quote! { #report #module }
}

/// The policy that an attribute declares.
fn declared(args: &Args, served: Option<Vec<String>>, report: &mut Report) -> Option<Checked> {
    match args {
        Args::Declared(entries) => {
            let (lowered, spans) = lower(entries, served, Span::call_site());
            if lowered.is_set_by_program()
                && let Some(origins) = entries.iter().find(|it| it.field == Field::Origins)
            {
                report.error(
                    origins.key,
                    "`runtime` is in a policy without a name, whose origins can never be set",
                    "write `policy! { static TENANTS = { origins = runtime } }` with the other keys, \
                     and `#[cors(policy = TENANTS)]`; the program then calls \
                     `TENANTS.set_origins([...])`",
                );
            }
            check(&lowered, &spans, report)
        }
        Args::Named(_) | Args::Select(_) | Args::None(_) | Args::Delegated(_) => None,
    }
}
