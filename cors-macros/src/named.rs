//! `policy! { pub static PARTNERS = { origins = [...], credentials } }`

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Token, Visibility};

use crate::args::{Args, Candidate, Crate, Declaration};
use crate::crate_path::{self, CratePath};
use crate::expand::policy::Static;
use crate::extend::{self, Declared, Extended};
use crate::report::Report;
use crate::split;

struct Named {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    name: Ident,
    /// What stands behind the name, and was read if it is what should stand there.
    declaration: syn::Result<TokenStream>,
}

/// Emits one `static` for each named policy, whatever is wrong with the others.
pub(crate) fn expand(default: CratePath, input: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let (path, input) = crate_path::take(default, input, &mut report);
    let root = path.root();
    let mut heads = Vec::new();
    let mut block = Vec::new();
    for tokens in split::behind_braces(input) {
        match read_named.parse2(tokens) {
            Ok(Named { attributes, visibility, name, declaration }) => {
                block.push(read_declared(name.clone(), declaration));
                heads.push((attributes, visibility, name));
            }
            Err(error) => refuse(&error, &mut report),
        }
    }
    let mut statics = TokenStream::new();
    for ((attributes, visibility, name), extended) in heads.into_iter().zip(extend::judge(block)) {
        let Extended { policy, base, report: own } = extended;
        report.append(own);
        // A base is used, and must be there: a `#[cfg]` may have taken it away.
        let before = base.map_or_else(TokenStream::new, |base| quote! { let _ = &#base; });
        let front = quote! { #(#attributes)* #visibility };
        let policy = Static { root: &root, front, name: &name, before }.expand(policy.as_ref());
        statics.extend(policy);
    }
    quote! { #report #statics }
}

fn read_declared(name: Ident, declaration: syn::Result<TokenStream>) -> Declared {
    let mut report = Report::default();
    let declaration = match declaration {
        Ok(tokens) => Declaration::parse(tokens, &mut report),
        Err(error) => {
            refuse(&error, &mut report);
            return Declared { name, entries: None, base: None, report };
        }
    };
    if let Some(Candidate { key, .. }) = declaration.candidate {
        report.error(
            key,
            "`candidate` is inside of a named policy",
            "write it where the policy is used: `#[cors(policy = ..., candidate = ...)]`, or \
             `PolicyRef::from(&...).with_candidate(&...)` for a layer or a middleware",
        );
    }
    if let Some(Crate { key, .. }) = declaration.from {
        report.error(
            key,
            "`crate` is inside of one policy",
            "write it in front of all of them: `policy! { crate = my_facade::cors_axum; static ... }`",
        );
    }
    let entries = match declaration.args {
        Args::Declared(entries) => Some(entries),
        Args::Named(path) => {
            report.error_over(
                path,
                "a named policy cannot be declared by another",
                "declare it with keys of its own, or write `..BASE` in front of them, where `BASE` \
                 is of the same `policy!`",
            );
            None
        }
        Args::Select(path) => {
            report.error_over(
                path,
                "a named policy cannot be chosen by a function",
                "write `#[cors(select = ...)]` above the handler",
            );
            None
        }
        Args::None(word) | Args::Delegated(word) => {
            let help = format!("write `#[cors({word})]` above the handler");
            report.error(word.span(), &format!("a named policy cannot be `{word}`"), &help);
            None
        }
    };
    Declared { name, entries, base: declaration.base, report }
}

fn refuse(error: &syn::Error, report: &mut Report) {
    report.error(
        error.span(),
        &error.to_string(),
        "a named policy looks like `policy! { pub static PARTNERS = { origins = \
         [\"https://partner.example.com\"], credentials } }`",
    );
}

fn read_named(input: ParseStream<'_>) -> syn::Result<Named> {
    let attributes = Attribute::parse_outer(input)?;
    let visibility = input.parse()?;
    input.parse::<Token![static]>()?;
    let name = input.parse()?;
    let declaration = read_declaration(input);
    // What follows a mistake is reported with it.
    input.parse::<TokenStream>()?;
    Ok(Named { attributes, visibility, name, declaration })
}

fn read_declaration(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    input.parse::<Token![=]>()?;
    let braces;
    syn::braced!(braces in input);
    let declaration = braces.parse()?;
    // Both `};` and `}` end a declaration.
    input.parse::<Option<Token![;]>>()?;
    Ok(declaration)
}
