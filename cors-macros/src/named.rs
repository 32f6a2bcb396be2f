//! `policy! { pub static PARTNERS = { origins = [...], credentials } }`

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Token, Visibility};

use crate::args::Args;
use crate::check::check;
use crate::expand::policy;
use crate::lower::lower;
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
pub(crate) fn expand(root: &TokenStream, input: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let mut statics = TokenStream::new();
    for tokens in split::behind_braces(input) {
        match read_named.parse2(tokens) {
            Ok(named) => statics.extend(expand_named(root, named, &mut report)),
            Err(error) => refuse(&error, &mut report),
        }
    }
    quote! { #report #statics }
}

fn expand_named(root: &TokenStream, named: Named, report: &mut Report) -> TokenStream {
    let Named { attributes, visibility, name, declaration } = named;
    // Each policy is judged as if it were alone.
    let mut own = Report::default();
    let policy = match declaration.map(|tokens| Args::parse(tokens, &mut own)) {
        Ok(Args::Declared(entries)) => {
            let (declaration, spans) = lower(&entries, None, name.span());
            check(&declaration, &spans, &mut own)
        }
        Ok(Args::Named(path)) => {
            own.error_over(
                path,
                "a named policy cannot be declared by another",
                "declare it with keys of its own",
            );
            None
        }
        Ok(Args::Select(path)) => {
            own.error_over(
                path,
                "a named policy cannot be chosen by a function",
                "write `#[cors(select = ...)]` above the handler",
            );
            None
        }
        Ok(Args::None(word) | Args::Delegated(word)) => {
            let help = format!("write `#[cors({word})]` above the handler");
            own.error(word.span(), &format!("a named policy cannot be `{word}`"), &help);
            None
        }
        Err(error) => {
            refuse(&error, &mut own);
            None
        }
    };
    report.append(own);
    let front = quote! { #(#attributes)* #visibility };
    policy::statics(root, &front, &name, policy.as_ref())
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
