//! The rules about response headers.

use std::collections::HashSet;

use super::headers::report_no_token;
use super::names::header;
use super::names::token::is_token;
use super::sink::{Sink, quote};
use crate::declaration::rule::Rule;
use crate::declaration::spec::PolicySpec;
use crate::declaration::violation::{Field, Location};

/// Applies the rules about exposed response headers, and returns their names.
pub(crate) fn check(spec: &PolicySpec, sink: &mut Sink) -> Vec<String> {
    let any = spec.expose_headers.iter().any(|name| name == "*");
    if sink.is_too_many(Field::ExposeHeaders, spec.expose_headers.len()) {
        return Vec::new();
    }
    let mut seen = HashSet::new();
    for (index, text) in spec.expose_headers.iter().enumerate() {
        let at = Location::element(Field::ExposeHeaders, index);
        if sink.is_too_long("response header", at.clone(), text) {
            continue;
        }
        let name = text.to_ascii_lowercase();
        let shown = quote(text);
        if !is_token(text) {
            report_no_token(Rule::ExposeToken, at.clone(), text, sink);
        } else if header::is_never_exposed(&name) {
            sink.report(
                Rule::ExposeSetCookie,
                at.clone(),
                text,
                format!("response header {shown} cannot be exposed"),
                "remove it; put what the script needs into the body or a header of its own",
            );
        } else if name == "*" && spec.credentials {
            sink.report(
                Rule::ExposeAnyWithCredentials,
                at.clone(),
                text,
                "response header `*` exposes nothing with credentials",
                "list the headers that scripts may read",
            );
        } else if any && name != "*" {
            sink.report(
                Rule::ExposeAnyBesideOthers,
                at.clone(),
                text,
                format!("response header {shown} is listed beside `*`, which includes it"),
                "remove it, or remove `*`",
            );
        }
        if !seen.insert(name) {
            sink.report(
                Rule::ExposeDuplicate,
                at,
                text,
                format!("response header {shown} is listed twice"),
                "remove one of them; header names have no case",
            );
        }
    }
    spec.expose_headers.clone()
}
