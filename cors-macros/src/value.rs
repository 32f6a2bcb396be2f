//! The value of a key, in the kind that the key takes.

use cors_core::{Danger, Field};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::parse::{ParseStream, Parser};
use syn::token::Bracket;
use syn::{Lit, LitInt, LitStr, Path, Token};

use crate::keys::{find_danger, list_dangers};
use crate::report::Report;
use crate::split;

pub(crate) enum Value {
    Flag,
    List(Vec<LitStr>),
    MaxAge(MaxAge),
    Status(u16, Span),
    Dangers(Vec<(Danger, Span)>),
}

/// The value of `max_age`.
pub(crate) enum MaxAge {
    Seconds(i64, Span),
    Text(LitStr),
}

/// Reads what stands behind a key; what can't be read is reported, and the rest returned.
pub(crate) fn read(
    field: Field,
    key: &Ident,
    rest: &TokenStream,
    report: &mut Report,
) -> Option<Value> {
    match field {
        Field::Credentials | Field::PrivateNetwork | Field::Enforce => {
            read_flag(field, rest, report)
        }
        Field::MaxAge => read_max_age(key, rest, report),
        Field::PreflightStatus => read_status(key, rest, report),
        Field::DangerouslyAllow => read_dangers(key, rest, report),
        _ => read_list(field, key, rest, report),
    }
}

fn read_flag(field: Field, rest: &TokenStream, report: &mut Report) -> Option<Value> {
    if rest.is_empty() {
        return Some(Value::Flag);
    }
    let name = field.key();
    report.error_over(
        rest,
        &format!("`{name}` is a flag and takes no value"),
        &format!("write `{name}` to turn it on, and leave it out to turn it off"),
    );
    None
}

/// A text that stands alone is a list of one, said wrongly unless it is `*`.
fn read_list(field: Field, key: &Ident, rest: &TokenStream, report: &mut Report) -> Option<Value> {
    let name = field.key();
    let takes_star = matches!(field, Field::Origins | Field::Headers | Field::ExposeHeaders);
    let read = |input: ParseStream<'_>| {
        input.parse::<Token![=]>()?;
        if input.peek(Bracket) {
            let list;
            syn::bracketed!(list in input);
            return Ok((None, list.parse::<TokenStream>()?));
        }
        Ok((Some(input.parse::<LitStr>()?), TokenStream::new()))
    };
    match read.parse2(rest.clone()) {
        Ok((None, list)) => read_elements(field, list, report),
        Ok((Some(text), _)) if text.suffix().is_empty() => {
            if !takes_star || text.value() != "*" {
                let help = format!("write `{name} = [{}]`", text.to_token_stream());
                report.error(text.span(), &format!("`{name}` takes a list"), &help);
            }
            Some(Value::List(vec![text]))
        }
        _ => {
            let kind = if takes_star { "`\"*\"` or a list of texts" } else { "a list of texts" };
            let help = format!("write `{name} = [{}]`{}", example(field), advice(rest));
            report.error_over(or_key(rest, key), &format!("`{name}` takes {kind}"), &help);
            None
        }
    }
}

fn read_elements(field: Field, list: TokenStream, report: &mut Report) -> Option<Value> {
    let is_empty = list.is_empty();
    let mut texts = Vec::new();
    for element in split::at_commas(list, report) {
        match syn::parse2::<LitStr>(element.clone()) {
            Ok(text) if text.suffix().is_empty() => texts.push(text),
            _ => {
                let help = format!("write `{}`{}", example(field), advice(&element));
                let message = format!("`{}` lists texts in double quotes", field.key());
                report.error_over(element, &message, &help);
            }
        }
    }
    // A list whose elements were all refused is not one that was left empty.
    (is_empty || !texts.is_empty()).then_some(Value::List(texts))
}

fn read_max_age(key: &Ident, rest: &TokenStream, report: &mut Report) -> Option<Value> {
    let read = |input: ParseStream<'_>| {
        input.parse::<Token![=]>()?;
        let minus = input.parse::<Option<Token![-]>>()?;
        let lit: Lit = input.parse()?;
        let span = lit.span();
        match lit {
            Lit::Str(text) if minus.is_none() && text.suffix().is_empty() => Ok(MaxAge::Text(text)),
            Lit::Int(number) if number.suffix().is_empty() => {
                let sign = if minus.is_some() { "-" } else { "" };
                let digits = format!("{sign}{}", number.base10_digits());
                // What does not fit is far from every limit, and the rule will say so.
                Ok(match digits.parse() {
                    Ok(seconds) => MaxAge::Seconds(seconds, span),
                    Err(_) => MaxAge::Text(LitStr::new(&digits, span)),
                })
            }
            _ => Err(syn::Error::new(span, "")),
        }
    };
    let read = read.parse2(rest.clone());
    if read.is_err() {
        report.error_over(
            or_key(rest, key),
            "`max_age` takes a number of seconds, or a text with a unit",
            &format!("write `max_age = 600` or `max_age = \"10m\"`{}", advice(rest)),
        );
    }
    read.ok().map(Value::MaxAge)
}

fn read_status(key: &Ident, rest: &TokenStream, report: &mut Report) -> Option<Value> {
    let read = |input: ParseStream<'_>| {
        input.parse::<Token![=]>()?;
        let number: LitInt = input.parse()?;
        Ok(Value::Status(number.base10_parse()?, number.span()))
    };
    let status = read.parse2(rest.clone());
    if status.is_err() {
        report.error_over(
            or_key(rest, key),
            "`preflight_status` takes a number from 200 to 299",
            &format!("write `preflight_status = 200`{}", advice(rest)),
        );
    }
    status.ok()
}

fn read_dangers(key: &Ident, rest: &TokenStream, report: &mut Report) -> Option<Value> {
    let read = |input: ParseStream<'_>| {
        let list;
        syn::parenthesized!(list in input);
        list.parse::<TokenStream>()
    };
    let list = read.parse2(rest.clone()).ok().filter(|list| !list.is_empty());
    let message = "`dangerously_allow` takes the names of dangers in parentheses";
    let help = format!("write `dangerously_allow(...)` with {}", list_dangers());
    let Some(list) = list else {
        report.error_over(or_key(rest, key), message, &help);
        return None;
    };
    let mut dangers = Vec::new();
    for element in split::at_commas(list, report) {
        match syn::parse2::<Ident>(element.clone()) {
            Ok(name) => {
                let danger = find_danger(&name, report);
                dangers.extend(danger.map(|danger| (danger, name.span())));
            }
            Err(_) => report.error_over(element, message, &help),
        }
    }
    Some(Value::Dangers(dangers))
}

/// What stands behind `none`.
pub(crate) fn read_nothing(rest: &TokenStream, report: &mut Report) {
    if !rest.is_empty() {
        report.error_over(rest, "`none` takes no value", "write `#[cors(none)]`");
    }
}

/// The path behind `policy`.
pub(crate) fn read_path(key: &Ident, rest: &TokenStream, report: &mut Report) -> Option<Path> {
    let path = parse_path(rest);
    if path.is_none() {
        report.error_over(
            or_key(rest, key),
            "`policy` takes the path of a named policy",
            "write `policy = PARTNERS`, where `policy! { static PARTNERS = { ... } }` declares it",
        );
    }
    path
}

/// The path behind `crate`.
pub(crate) fn read_crate(key: &Ident, rest: &TokenStream, report: &mut Report) -> Option<Path> {
    let path = parse_path(rest);
    if path.is_none() {
        report.error_over(
            or_key(rest, key),
            "`crate` takes the path of the adapter",
            "write where `cors_axum` or `cors_actix` is, without quotes, as in \
             `crate = my_facade::cors_axum`; leave `crate` out if it is a dependency of that name",
        );
    }
    path
}

/// An equals sign, and a path without arguments.
fn parse_path(rest: &TokenStream) -> Option<Path> {
    let read = |input: ParseStream<'_>| {
        input.parse::<Token![=]>()?;
        input.call(Path::parse_mod_style)
    };
    read.parse2(rest.clone()).ok()
}

/// What to point at: the value, or the key where there is none.
fn or_key(rest: &TokenStream, key: &Ident) -> TokenStream {
    if rest.is_empty() { TokenTree::from(key.clone()).into() } else { rest.clone() }
}

/// An element as it should look.
fn example(field: Field) -> &'static str {
    match field {
        Field::Origins => r#""https://app.example.com""#,
        Field::OriginPatterns => r#"r"^https://pr-[0-9]+\.example\.com$""#,
        Field::Sites => r#""example.com""#,
        Field::Methods => r#""PUT""#,
        Field::ExposeHeaders => r#""x-request-id""#,
        _ => r#""content-type""#,
    }
}

/// Names are what people try in place of literals.
fn advice(tokens: &TokenStream) -> &'static str {
    let names = tokens.clone().into_iter().any(|token| matches!(token, TokenTree::Ident(_)));
    if names {
        "; constants and macros have no value yet when the rules are checked, and a value that is \
         known at run time belongs in `Policy::builder()`"
    } else {
        ""
    }
}
