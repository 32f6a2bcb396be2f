//! Tokens of the attribute in, typed entries out. Every entry is read, whatever is wrong
//! with the others.

use cors_core::{Danger, Field};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Lit, LitStr, Path, Token};

use crate::report::Report;

/// The entries of an attribute, each key at most once.
#[derive(Default)]
pub(crate) struct Args {
    /// What declares a policy here.
    pub(crate) entries: Vec<Entry>,
    /// The named policy to use instead.
    pub(crate) policy: Option<Path>,
    /// Whether the handler is taken out of CORS.
    pub(crate) none: bool,
}

/// One key with its value.
pub(crate) struct Entry {
    pub(crate) field: Field,
    pub(crate) key: Span,
    pub(crate) value: Value,
}

/// The value of a key, in the kind that the key takes.
pub(crate) enum Value {
    Flag,
    List(Vec<LitStr>),
    MaxAge(MaxAge),
    Dangers(Vec<(Danger, Span)>),
}

/// The value of `max_age`.
pub(crate) enum MaxAge {
    Seconds(i64, Span),
    Text(LitStr),
}

/// What stands on the right of a key.
enum Key {
    Field(Field),
    Policy,
    None,
}

const KEYS: [&str; 13] = [
    "origins",
    "origin_patterns",
    "sites",
    "credentials",
    "headers",
    "expose_headers",
    "methods",
    "max_age",
    "private_network",
    "enforce",
    "policy",
    "dangerously_allow",
    "none",
];

/// What other libraries call the same thing.
const FOREIGN: [(&str, &str); 24] = [
    ("allow_credentials", "credentials"),
    ("allow_header", "headers"),
    ("allow_headers", "headers"),
    ("allow_method", "methods"),
    ("allow_methods", "methods"),
    ("allow_origin", "origins"),
    ("allow_origins", "origins"),
    ("allow_private_network", "private_network"),
    ("allowed_header", "headers"),
    ("allowed_headers", "headers"),
    ("allowed_methods", "methods"),
    ("allowed_origin", "origins"),
    ("allowed_origins", "origins"),
    ("block_on_origin_mismatch", "enforce"),
    ("expose", "expose_headers"),
    ("expose_any_header", "expose_headers"),
    ("exposed_headers", "expose_headers"),
    ("method", "methods"),
    ("max_age_seconds", "max_age"),
    ("origin", "origins"),
    ("request_headers", "headers"),
    ("response_headers", "expose_headers"),
    ("supports_credentials", "credentials"),
    ("with_credentials", "credentials"),
];

impl Args {
    /// Reads the entries; `place` is blamed for what has no place of its own.
    pub(crate) fn parse(tokens: TokenStream, report: &mut Report) -> Self {
        let mut args = Self::default();
        let mut seen: Vec<(String, Span)> = Vec::new();
        for entry in split(tokens) {
            let Some((key, rest)) = read_key(entry, report) else { continue };
            let name = key.to_string();
            if seen.iter().any(|(earlier, _)| *earlier == name) {
                report.error(
                    key.span(),
                    &format!("the key `{name}` is given twice"),
                    "keep one of them",
                );
                continue;
            }
            seen.push((name.clone(), key.span()));
            match find_key(&key, report) {
                Some(Key::Policy) => args.policy = read_path(&key, rest, report),
                Some(Key::None) => args.none = read_none(&rest, report),
                Some(Key::Field(field)) => {
                    if let Some(value) = read_value(field, &key, rest, report) {
                        args.entries.push(Entry { field, key: key.span(), value });
                    }
                }
                None => {}
            }
        }
        if args.none {
            for (name, span) in seen.iter().filter(|(name, _)| name != "none") {
                report.error(
                    *span,
                    &format!("the key `{name}` stands beside `none`"),
                    "`#[cors(none)]` takes the handler out of CORS, whatever else is declared: \
                     keep one of the two",
                );
            }
        } else if args.policy.is_some() {
            for (name, span) in seen.iter().filter(|(name, _)| name != "policy") {
                report.error(
                    *span,
                    &format!("the key `{name}` stands beside `policy = ...`"),
                    "a named policy is used as it is: put the key into its declaration, or \
                     leave `policy` out and declare everything here",
                );
            }
        }
        args
    }
}

/// Splits at the commas, so that each entry can be wrong on its own.
fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut entries = Vec::new();
    let mut entry = TokenStream::new();
    for token in tokens {
        match token {
            TokenTree::Punct(comma) if comma.as_char() == ',' => {
                entries.push(std::mem::take(&mut entry));
            }
            token => entry.extend([token]),
        }
    }
    entries.push(entry);
    entries.retain(|entry| !entry.is_empty());
    entries
}

fn read_key(entry: TokenStream, report: &mut Report) -> Option<(Ident, TokenStream)> {
    let span = entry.span();
    let mut tokens = entry.into_iter();
    if let Some(TokenTree::Ident(key)) = tokens.next() {
        return Some((key, tokens.collect()));
    }
    report.error(
        span,
        "expected a key",
        "an attribute looks like `#[cors(origins = [\"https://app.example.com\"], credentials)]`",
    );
    None
}

fn find_key(key: &Ident, report: &mut Report) -> Option<Key> {
    let name = key.to_string();
    let field = match name.as_str() {
        "policy" => return Some(Key::Policy),
        "none" => return Some(Key::None),
        "origins" => Field::Origins,
        "origin_patterns" => Field::OriginPatterns,
        "sites" => Field::Sites,
        "credentials" => Field::Credentials,
        "headers" => Field::Headers,
        "expose_headers" => Field::ExposeHeaders,
        "methods" => Field::Methods,
        "max_age" => Field::MaxAge,
        "private_network" => Field::PrivateNetwork,
        "enforce" => Field::Enforce,
        "dangerously_allow" => Field::DangerouslyAllow,
        unknown => {
            report.error(
                key.span(),
                &format!("unknown key `{unknown}`"),
                &match nearest_key(unknown) {
                    Some(known) => format!("did you mean `{known}`?"),
                    None => format!("the keys are `{}`", KEYS.join("`, `")),
                },
            );
            return None;
        }
    };
    Some(Key::Field(field))
}

fn nearest_key(unknown: &str) -> Option<&'static str> {
    let unknown = unknown.to_ascii_lowercase().replace('-', "_");
    if let Some((_, known)) = FOREIGN.iter().find(|(foreign, _)| *foreign == unknown) {
        return Some(known);
    }
    let distance = |known: &str| strsim::damerau_levenshtein(&unknown, known);
    KEYS.into_iter()
        .min_by_key(|known| distance(known))
        .filter(|known| distance(known) * 3 <= known.len().max(unknown.len()))
}

fn read_value(field: Field, key: &Ident, rest: TokenStream, report: &mut Report) -> Option<Value> {
    let span = if rest.is_empty() { key.span() } else { rest.span() };
    let read = match field {
        Field::Credentials | Field::PrivateNetwork | Field::Enforce => read_flag.parse2(rest),
        Field::MaxAge => read_max_age.parse2(rest),
        Field::DangerouslyAllow => return read_dangers(key, rest, report),
        Field::Origins | Field::Headers | Field::ExposeHeaders => read_star_or_list.parse2(rest),
        _ => read_list.parse2(rest),
    };
    read.map_err(|_| report.error(span, &format!("`{key}` {}", expects(field)), &example(field)))
        .ok()
}

/// How the value of a key looks, as the end of a sentence.
fn expects(field: Field) -> &'static str {
    match field {
        Field::Credentials | Field::PrivateNetwork | Field::Enforce => {
            "is a flag: it takes no value"
        }
        Field::MaxAge => "takes a number of seconds or a text with a unit",
        Field::Origins | Field::Headers | Field::ExposeHeaders => {
            "takes `\"*\"` or a list of texts"
        }
        _ => "takes a list of texts",
    }
}

fn example(field: Field) -> String {
    match field {
        Field::Origins => "write `origins = [\"https://app.example.com\"]`, or `origins = \"*\"` \
                           for data that everybody may read"
            .to_owned(),
        Field::OriginPatterns => {
            "write `origin_patterns = [r\"^https://(a|b)\\.example\\.com$\"]`".to_owned()
        }
        Field::Sites => "write `sites = [\"example.com\"]`".to_owned(),
        Field::Headers => "write `headers = [\"content-type\"]`".to_owned(),
        Field::ExposeHeaders => "write `expose_headers = [\"x-request-id\"]`".to_owned(),
        Field::Methods => "write `methods = [\"PUT\"]`".to_owned(),
        Field::MaxAge => "write `max_age = 600` or `max_age = \"10m\"`".to_owned(),
        flag => format!("write `{0}` to turn it on, and leave it out to turn it off", flag.key()),
    }
}

fn read_flag(input: ParseStream<'_>) -> syn::Result<Value> {
    if input.is_empty() { Ok(Value::Flag) } else { Err(input.error("")) }
}

fn read_star_or_list(input: ParseStream<'_>) -> syn::Result<Value> {
    if input.peek2(LitStr) {
        input.parse::<Token![=]>()?;
        let star: LitStr = input.parse()?;
        return if star.value() == "*" && input.is_empty() {
            Ok(Value::List(vec![star]))
        } else {
            Err(input.error(""))
        };
    }
    read_list(input)
}

fn read_list(input: ParseStream<'_>) -> syn::Result<Value> {
    input.parse::<Token![=]>()?;
    let list;
    syn::bracketed!(list in input);
    let list = Punctuated::<LitStr, Token![,]>::parse_terminated(&list)?;
    if input.is_empty() {
        Ok(Value::List(list.into_iter().collect()))
    } else {
        Err(input.error(""))
    }
}

fn read_max_age(input: ParseStream<'_>) -> syn::Result<Value> {
    input.parse::<Token![=]>()?;
    let minus = input.parse::<Option<Token![-]>>()?;
    let lit: Lit = input.parse()?;
    if !input.is_empty() {
        return Err(input.error(""));
    }
    let span = lit.span();
    match lit {
        Lit::Str(text) if minus.is_none() => Ok(Value::MaxAge(MaxAge::Text(text))),
        Lit::Int(number) if number.suffix().is_empty() => {
            // What does not fit is far over the limit, and that is what the rule will say.
            let seconds = number.base10_parse().unwrap_or(i64::MAX);
            let seconds = if minus.is_some() { -seconds } else { seconds };
            Ok(Value::MaxAge(MaxAge::Seconds(seconds, span)))
        }
        _ => Err(syn::Error::new(span, "")),
    }
}

fn read_none(rest: &TokenStream, report: &mut Report) -> bool {
    if !rest.is_empty() {
        report.error(rest.span(), "`none` takes no value", "write `#[cors(none)]`");
    }
    true
}

fn read_path(key: &Ident, rest: TokenStream, report: &mut Report) -> Option<Path> {
    let span = if rest.is_empty() { key.span() } else { rest.span() };
    let read = |input: ParseStream<'_>| {
        input.parse::<Token![=]>()?;
        input.call(Path::parse_mod_style)
    };
    let help = "write `policy = PARTNERS`, where `policy! { static PARTNERS = { ... } }` \
                declares it";
    read.parse2(rest)
        .map_err(|_| report.error(span, "`policy` takes the path of a named policy", help))
        .ok()
}

fn read_dangers(key: &Ident, rest: TokenStream, report: &mut Report) -> Option<Value> {
    let span = if rest.is_empty() { key.span() } else { rest.span() };
    let names = Danger::ALL.map(Danger::name).join("`, `");
    let read = |input: ParseStream<'_>| {
        let list;
        syn::parenthesized!(list in input);
        Punctuated::<Ident, Token![,]>::parse_terminated(&list)
    };
    let Ok(list) = read.parse2(rest) else {
        report.error(
            span,
            "`dangerously_allow` takes the names of dangers in parentheses",
            &format!("write `dangerously_allow(...)` with one of `{names}`"),
        );
        return None;
    };
    let mut dangers = Vec::new();
    for name in list {
        match Danger::ALL.into_iter().find(|danger| name == danger.name()) {
            Some(danger) => dangers.push((danger, name.span())),
            None => report.error(
                name.span(),
                &format!("unknown danger `{name}`"),
                &format!("the dangers are `{names}`"),
            ),
        }
    }
    Some(Value::Dangers(dangers))
}
