//! `policy! { pub static PARTNERS = { origins = [...], credentials } }`

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Attribute, Token, Visibility};

use crate::args::Args;
use crate::check::check;
use crate::expand::policy;
use crate::lower::lower;
use crate::report::Report;

struct Named {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    name: Ident,
    declaration: TokenStream,
}

/// Emits one `static` for each named policy.
pub(crate) fn expand(root: &TokenStream, input: TokenStream) -> TokenStream {
    let read = |input: ParseStream<'_>| {
        let mut all = Vec::new();
        while !input.is_empty() {
            all.push(read_named(input)?);
        }
        Ok(all)
    };
    let mut report = Report::default();
    let all = match read.parse2(input) {
        Ok(all) => all,
        Err(error) => {
            report.error(
                error.span(),
                &error.to_string(),
                "a named policy looks like `policy! { pub static PARTNERS = { origins = \
                 [\"https://partner.example.com\"], credentials } }`",
            );
            return quote! { #report };
        }
    };
    let statics = all.into_iter().map(|named| {
        let Named { attributes, visibility, name, declaration } = named;
        let args = Args::parse(declaration, &mut report);
        if let Some(path) = &args.policy {
            report.error(
                path.span(),
                "a named policy cannot be declared by another",
                "declare it with keys of its own",
            );
        }
        if args.none {
            report.error(
                name.span(),
                "a named policy cannot be `none`",
                "write `#[cors(none)]` above the handler",
            );
        }
        let (spec, spans) = lower(&args.entries, None, name.span());
        let policy = policy::expand(root, check(&spec, &spans, &mut report).as_ref());
        quote! {
            #(#attributes)*
            #visibility static #name: #root::Policy = #policy;
        }
    });
    let statics: TokenStream = statics.collect();
    quote! { #report #statics }
}

fn read_named(input: ParseStream<'_>) -> syn::Result<Named> {
    let attributes = Attribute::parse_outer(input)?;
    let visibility = input.parse()?;
    input.parse::<Token![static]>()?;
    let name = input.parse()?;
    input.parse::<Token![=]>()?;
    let braces;
    syn::braced!(braces in input);
    let declaration = braces.parse()?;
    // Both `};` and `}` end a declaration; several may follow each other.
    input.parse::<Option<Token![;]>>()?;
    Ok(Named { attributes, visibility, name, declaration })
}
