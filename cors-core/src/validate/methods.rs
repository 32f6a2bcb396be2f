//! The rules about methods.

use std::collections::HashSet;

use super::names::method;
use super::names::token::{self, is_token};
use super::sink::{Sink, as_elements, quote, quote_all};
use crate::declaration::rule::Rule;
use crate::declaration::spec::PolicySpec;
use crate::declaration::violation::{Field, Location};

/// Applies the rules about methods, and returns them.
pub(crate) fn check(spec: &PolicySpec, sink: &mut Sink) -> Option<Vec<String>> {
    let methods = spec.methods.as_ref()?;
    if methods.is_empty() {
        sink.report(
            Rule::MethodNone,
            Location::field(Field::Methods),
            "",
            "`methods` is an empty list",
            "leave `methods` out: then the policy is for whatever the route serves",
        );
    }
    if sink.is_too_many(Field::Methods, methods.len()) {
        return None;
    }
    let mut seen = HashSet::new();
    for (index, text) in methods.iter().enumerate() {
        let at = Location::element(Field::Methods, index);
        if sink.is_too_long("method", at.clone(), text) {
            continue;
        }
        check_name(spec, at.clone(), text, sink);
        if !seen.insert(method::standard(text).unwrap_or(text)) {
            sink.report(
                Rule::MethodDuplicate,
                at,
                text,
                format!("method {} is listed twice", quote(text)),
                "remove one of them",
            );
        }
    }
    Some(methods.clone())
}

/// One name by itself, and beside what the route serves.
fn check_name(spec: &PolicySpec, at: Location, text: &str, sink: &mut Sink) {
    let shown = quote(text);
    if text == "*" {
        let message = "method `*` does not exist";
        let help = "leave `methods` out: then the policy is for whatever the route serves";
        return sink.report(Rule::MethodAny, at, text, message, help);
    }
    if !is_token(text) {
        let message = format!("method {shown} {}", token::obstacle(text));
        let help = match (method::standard(text.trim()), token::several(text)) {
            (Some(standard), _) => format!("write {}", quote(standard)),
            (None, Some(methods)) => as_elements(&methods),
            (None, None) => "write the name of one method, such as `PUT`".to_owned(),
        };
        return sink.report(Rule::MethodToken, at, text, message, help);
    }
    if method::is_forbidden(text) {
        let message = format!("method {shown} cannot be used by a script");
        return sink.report(Rule::MethodForbidden, at, text, message, "remove it");
    }
    let standard = method::standard(text).unwrap_or(text);
    if standard != text {
        let message = format!("method {shown} differs only in case from {}", quote(standard));
        let help = format!("write {}", quote(standard));
        sink.report(Rule::MethodCase, at.clone(), text, message, help);
        if method::is_normalised(standard) {
            let standard = quote(standard);
            sink.note(Some(format!(
                "browsers send {shown} as {standard}, so it would never match"
            )));
        }
    }
    if let Some(served) = &spec.served
        && !served.iter().any(|one| one == standard)
    {
        let message = format!("method {shown} is not served by the route");
        let help = if served.is_empty() {
            "remove it".to_owned()
        } else {
            format!("remove it; the route serves {}", quote_all(served))
        };
        sink.report(Rule::MethodNotServed, at, text, message, help);
    }
}
