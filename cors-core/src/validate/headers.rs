//! The rules about request headers.

use std::collections::HashSet;

use super::names::header;
use super::names::token::{self, is_token};
use super::sink::{Sink, as_elements, quote};
use crate::declaration::rule::Rule;
use crate::declaration::spec::PolicySpec;
use crate::declaration::violation::{Field, Location};

/// The request headers of a declaration.
#[derive(Debug, Default)]
pub(crate) struct Headers {
    pub(crate) any: bool,
    /// In lower case.
    pub(crate) names: Vec<String>,
}

/// Applies the rules about request headers.
pub(crate) fn check(spec: &PolicySpec, sink: &mut Sink) -> Headers {
    let mut headers = Headers { any: spec.headers.iter().any(|name| name == "*"), names: vec![] };
    if sink.is_too_many(Field::Headers, spec.headers.len()) {
        return headers;
    }
    let mut seen = HashSet::new();
    for (index, text) in spec.headers.iter().enumerate() {
        let at = Location::element(Field::Headers, index);
        if sink.is_too_long("request header", at.clone(), text) {
            continue;
        }
        let name = text.to_ascii_lowercase();
        let shown = quote(text);
        if !is_token(text) {
            report_no_token(Rule::HeaderToken, at.clone(), text, sink);
        } else if header::is_forbidden(&name) {
            sink.report(
                Rule::HeaderForbidden,
                at.clone(),
                text,
                format!("request header {shown} cannot be set by a script"),
                "remove it; a browser sends it by itself, or not at all",
            );
        } else if headers.any && name != "*" && name != "authorization" {
            sink.report(
                Rule::HeaderAnyBesideOthers,
                at.clone(),
                text,
                format!("request header {shown} is listed beside `*`, which includes it"),
                "remove it, or remove `*`",
            );
        }
        if !seen.insert(name.clone()) {
            sink.report(
                Rule::HeaderDuplicate,
                at,
                text,
                format!("request header {shown} is listed twice"),
                "remove one of them; header names have no case",
            );
        } else if name != "*" {
            headers.names.push(name);
        }
    }
    headers
}

/// A name that no header can have; what to write instead, if that is known.
pub(crate) fn report_no_token(rule: Rule, at: Location, text: &str, sink: &mut Sink) {
    let message = format!("header name {} {}", quote(text), token::obstacle(text));
    let name = text.split([':', '=']).next().unwrap_or(text).trim();
    let help = match token::several(text) {
        _ if is_token(name) => format!("write {}", quote(name)),
        Some(words) if !text.contains([',', ';']) => format!("write {}", quote(&words.join("-"))),
        Some(names) => as_elements(&names),
        None => "write the name alone: letters, digits and hyphens".to_owned(),
    };
    sink.report(rule, at, text, message, help);
}
