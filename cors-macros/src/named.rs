//! `policy! { pub static PARTNERS = { origins = [...], credentials } }`

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Token, Visibility};

use crate::args::{Args, Crate, Declaration};
use crate::check::check;
use crate::crate_path::{self, CratePath};
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
pub(crate) fn expand(default: CratePath, input: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let (path, input) = crate_path::take(default, input, &mut report);
    let root = path.root();
    let mut statics = TokenStream::new();
    for tokens in split::behind_braces(input) {
        match read_named.parse2(tokens) {
            Ok(named) => statics.extend(expand_named(&root, named, &mut report)),
            Err(error) => refuse(&error, &mut report),
        }
    }
    quote! { #report #statics }
}

fn expand_named(root: &TokenStream, named: Named, report: &mut Report) -> TokenStream {
    let Named { attributes, visibility, name, declaration } = named;
    // Each policy is judged as if it were alone.
    let mut own = Report::default();
    let declaration = declaration.map(|tokens| Declaration::parse(tokens, &mut own));
    if let Ok(Declaration { from: Some(Crate { key, .. }), .. }) = &declaration {
        own.error(
            *key,
            "`crate` stands inside of one policy",
            "write it in front of all of them: `policy! { crate = my_facade::cors_axum; static ... }`",
        );
    }
    let policy = match declaration.map(|declaration| declaration.args) {
        Ok(Args::Declared(entries)) => {
            let (spec, spans) = lower(&entries, None, name.span());
            check(&spec, &spans, &mut own)
        }
        Ok(Args::Named(path)) => {
            own.error_over(
                path,
                "a named policy cannot be declared by another",
                "declare it with keys of its own",
            );
            None
        }
        Ok(Args::None(none)) => {
            let help = "write `#[cors(none)]` above the handler";
            own.error(none.span(), "a named policy cannot be `none`", help);
            None
        }
        Err(error) => {
            refuse(&error, &mut own);
            None
        }
    };
    report.append(own);
    let policy = policy::expand(root, policy.as_ref());
    quote! {
        #(#attributes)*
        #visibility static #name: #root::Policy = #policy;
    }
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
