//! The value of a key, in the kind that the key takes.

use cors_core::{Danger, Field, Variable};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::parse::{ParseStream, Parser};
use syn::token::Bracket;
use syn::{Lit, LitInt, LitStr, Path, Token};

use crate::keys::{Instead, find_danger, list_dangers};
use crate::report::Report;
use crate::split;

pub(crate) enum Value {
    Flag,
    List(Vec<LitStr>),
    /// Origins, some of which come later.
    Later(Vec<LitStr>, Later),
    MaxAge(MaxAge),
    Status(u16, Span),
    Dangers(Vec<(Danger, Span)>),
}

/// Where origins come from that are not known yet; no variables where the program sets them.
#[derive(Default)]
pub(crate) struct Later {
    pub(crate) variables: Vec<(Variable, Span)>,
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
        Field::Origins => match later(rest) {
            Some(value) => read_later(value, report),
            None => read_list(field, key, rest, report),
        },
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

/// What stands behind the equals sign, if it may be origins that come later and stand alone.
fn later(rest: &TokenStream) -> Option<TokenStream> {
    let mut tokens = rest.clone().into_iter();
    let is_equals = matches!(tokens.next()?, TokenTree::Punct(mark) if mark.as_char() == '=');
    let value: TokenStream = tokens.collect();
    let is_later = starts_with(&value, "env") || starts_with(&value, "runtime");
    (is_equals && is_later).then_some(value)
}

/// Origins that come later and stand alone: `runtime`, or `env("NAME")`.
fn read_later(value: TokenStream, report: &mut Report) -> Option<Value> {
    if starts_with(&value, "env") {
        let variables = vec![read_variable(&value, report)?];
        return Some(Value::Later(Vec::new(), Later { variables }));
    }
    if value.clone().into_iter().count() > 1 {
        report.error_over(
            value,
            "`runtime` takes no value",
            "write `origins = runtime`, and call `set_origins` on the policy's `PolicyCell`",
        );
        return None;
    }
    Some(Value::Later(Vec::new(), Later::default()))
}

/// Whether tokens begin with a name.
fn starts_with(tokens: &TokenStream, name: &str) -> bool {
    matches!(tokens.clone().into_iter().next(), Some(TokenTree::Ident(first)) if first == name)
}

/// `env("NAME")` or `env("NAME", optional)`.
fn read_variable(tokens: &TokenStream, report: &mut Report) -> Option<(Variable, Span)> {
    let read = |input: ParseStream<'_>| {
        input.parse::<Ident>()?;
        let arguments;
        syn::parenthesized!(arguments in input);
        let name: LitStr = arguments.parse()?;
        let mut is_optional = false;
        if arguments.parse::<Option<Token![,]>>()?.is_some() && !arguments.is_empty() {
            let word: Ident = arguments.parse()?;
            if word != "optional" {
                return Err(syn::Error::new(word.span(), ""));
            }
            is_optional = true;
            arguments.parse::<Option<Token![,]>>()?;
        }
        if !arguments.is_empty() || !name.suffix().is_empty() {
            return Err(arguments.error(""));
        }
        Ok((name, is_optional))
    };
    if let Ok((name, is_optional)) = read.parse2(tokens.clone()) {
        let value = name.value();
        let variable =
            if is_optional { Variable::optional(value) } else { Variable::required(value) };
        return Some((variable, name.span()));
    }
    let is_macro = tokens
        .clone()
        .into_iter()
        .any(|token| matches!(token, TokenTree::Punct(mark) if mark.as_char() == '!'));
    let help = if is_macro {
        "write `env(\"FRONT_ORIGINS\")` without `!`: the variable is read when the program starts, \
         not while it is compiled"
    } else {
        "write `env(\"FRONT_ORIGINS\")`, or `env(\"FRONT_ORIGINS\", optional)` if no origin is to be \
         allowed where the variable is missing"
    };
    report.error_over(tokens, "`env` takes the name of an environment variable", help);
    None
}

/// A string alone is a list of one, and an error unless it is `*`.
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
            let kind = if takes_star {
                "`\"*\"` or a list of string literals"
            } else {
                "a list of string literals"
            };
            let help = format!("write `{name} = [{}]`{}", example(field), advice(field, rest));
            report.error_over(or_key(rest, key), &format!("`{name}` takes {kind}"), &help);
            None
        }
    }
}

fn read_elements(field: Field, list: TokenStream, report: &mut Report) -> Option<Value> {
    let is_empty = list.is_empty();
    let mut texts = Vec::new();
    let mut later = Later::default();
    for element in split::at_commas(list, report) {
        if field == Field::Origins && starts_with(&element, "env") {
            later.variables.extend(read_variable(&element, report));
            continue;
        }
        if field == Field::Origins && starts_with(&element, "runtime") {
            report.error_over(
                element,
                "`runtime` is in a list",
                "write `origins = runtime`: the program sets all origins of the policy, with \
                 `set_origins`",
            );
            continue;
        }
        match syn::parse2::<LitStr>(element.clone()) {
            Ok(text) if text.suffix().is_empty() => texts.push(text),
            _ => {
                let help = format!("write `{}`{}", example(field), advice(field, &element));
                let message = format!("an element of `{}` is not a string literal", field.key());
                report.error_over(element, &message, &help);
            }
        }
    }
    if !later.variables.is_empty() {
        return Some(Value::Later(texts, later));
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
                // What does not fit is far beyond every limit, which the rule reports.
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
            "`max_age` takes a number of seconds, or a string literal with a unit",
            &format!("write `max_age = 600` or `max_age = \"10m\"`{}", advice(Field::MaxAge, rest)),
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
            &format!("write `preflight_status = 200`{}", advice(Field::PreflightStatus, rest)),
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

/// What stands behind `none` and `delegated`.
pub(crate) fn read_nothing(key: Instead, rest: &TokenStream, report: &mut Report) {
    if !rest.is_empty() {
        let name = key.name();
        let help = format!("write `#[cors({name})]`");
        report.error_over(rest, &format!("`{name}` takes no value"), &help);
    }
}

/// The path behind `policy` and `select`.
pub(crate) fn read_path(
    key: Instead,
    written: &Ident,
    rest: &TokenStream,
    report: &mut Report,
) -> Option<Path> {
    let path = parse_path(rest);
    if path.is_none() {
        let (message, help) = match key {
            Instead::Select => (
                "`select` takes the path of a function",
                "write `select = by_tenant`, where `fn by_tenant(request: &Selection<'_>) -> \
                 Option<Arc<Policy>>` chooses a policy for each request",
            ),
            _ => (
                "`policy` takes the path of a named policy",
                "write `policy = PARTNERS`, where `policy! { static PARTNERS = { ... } }` declares \
                 it",
            ),
        };
        report.error_over(or_key(rest, written), message, help);
    }
    path
}

/// The path behind `candidate`.
pub(crate) fn read_candidate(key: &Ident, rest: &TokenStream, report: &mut Report) -> Option<Path> {
    let path = parse_path(rest);
    if path.is_none() {
        report.error_over(
            or_key(rest, key),
            "`candidate` takes the path of a named policy",
            "write `candidate = FRONT_END`, where `policy! { static FRONT_END = { ... } }` declares \
             the policy that is to come",
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
        Field::DebugOrigins => r#""http://localhost:*""#,
        Field::OriginPatterns => r#"r"^https://pr-[0-9]+\.example\.com$""#,
        Field::Sites => r#""example.com""#,
        Field::Methods => r#""PUT""#,
        Field::ExposeHeaders => r#""x-request-id""#,
        _ => r#""content-type""#,
    }
}

/// Names are what people try in place of literals.
fn advice(field: Field, tokens: &TokenStream) -> &'static str {
    let names = tokens.clone().into_iter().any(|token| matches!(token, TokenTree::Ident(_)));
    match field {
        _ if !names => "",
        Field::Origins => {
            "; constants and macros have no value yet when the rules are checked; origins that \
             depend on the deployment come from `env(\"NAME\")`, or are set while the program runs: \
             `origins = runtime`"
        }
        _ => {
            "; constants and macros have no value yet when the rules are checked, and a value that \
             is known at run time belongs in `Policy::builder()`"
        }
    }
}
