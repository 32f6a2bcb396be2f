//! Typed entries in; what the core judges out, with a way back from its locations to spans.

use std::ops::Range;

use cors_core::{Field, Location, MaxAge as SpecMaxAge, PolicySpec, Variable};
use proc_macro2::{Literal, Span, TokenTree};
use quote::ToTokens;
use syn::LitStr;

use crate::args::Entry;
use crate::value::{Later, MaxAge, Value};

/// The way back: where each field, and each element of its list, was written.
pub(crate) struct Spans {
    /// Blamed for what was not written at all.
    attribute: Span,
    fields: Vec<(Field, Span, Vec<Element>)>,
    /// Fields whose value could not be read, which has been reported.
    unread: Vec<Field>,
    /// Whether there may be fields that are not known.
    is_open: bool,
}

enum Element {
    Text(LitStr),
    Other(Span),
}

/// What an attribute declares, for the core to judge.
pub(crate) struct Lowered {
    pub(crate) spec: PolicySpec,
    /// The variables that more origins come from, if more come.
    pub(crate) later: Option<Vec<Variable>>,
}

impl Lowered {
    /// Whether the program sets the origins while it runs.
    pub(crate) fn is_set_by_program(&self) -> bool {
        self.later.as_ref().is_some_and(Vec::is_empty)
    }
}

/// An undeclared field is left at its default.
pub(crate) fn lower<'a>(
    entries: impl IntoIterator<Item = &'a Entry>,
    served: Option<Vec<String>>,
    attribute: Span,
) -> (Lowered, Spans) {
    let mut later = None;
    let mut spec = PolicySpec { served, ..PolicySpec::default() };
    let mut spans = Spans { attribute, fields: Vec::new(), unread: Vec::new(), is_open: false };
    for Entry { field, key, value } in entries {
        let mut elements = Vec::new();
        let Some(value) = value else {
            spans.unread.push(*field);
            if *field == Field::OriginPatterns {
                // Patterns are origins too, so it is not known whether there are any.
                spans.unread.push(Field::Origins);
            }
            continue;
        };
        match value {
            Value::Flag => match field {
                Field::Credentials => spec.credentials = true,
                Field::PrivateNetwork => spec.private_network = true,
                _ => spec.enforce = true,
            },
            Value::List(list) => {
                let texts = list.iter().map(LitStr::value).collect();
                elements.extend(list.iter().cloned().map(Element::Text));
                match field {
                    Field::Origins => spec.origins = texts,
                    Field::DebugOrigins => spec.debug_origins = texts,
                    Field::OriginPatterns => spec.origin_patterns = texts,
                    Field::Sites => spec.sites = texts,
                    Field::Headers => spec.headers = texts,
                    Field::ExposeHeaders => spec.expose_headers = texts,
                    _ => spec.methods = Some(texts),
                }
            }
            Value::Later(list, Later { variables }) => {
                spec.origins = list.iter().map(LitStr::value).collect();
                elements.extend(list.iter().cloned().map(Element::Text));
                elements.extend(variables.iter().map(|(_, span)| Element::Other(*span)));
                later = Some(variables.iter().map(|(variable, _)| variable.clone()).collect());
            }
            Value::MaxAge(MaxAge::Seconds(seconds, span)) => {
                spec.max_age = Some(SpecMaxAge::Seconds(*seconds));
                elements.push(Element::Other(*span));
            }
            Value::MaxAge(MaxAge::Text(text)) => {
                spec.max_age = Some(SpecMaxAge::Text(text.value()));
                elements.push(Element::Text(text.clone()));
            }
            Value::Status(status, span) => {
                spec.preflight_status = Some(*status);
                elements.push(Element::Other(*span));
            }
            Value::Dangers(dangers) => {
                spec.dangerously_allow = dangers.iter().map(|(danger, _)| *danger).collect();
                elements.extend(dangers.iter().map(|(_, span)| Element::Other(*span)));
            }
        }
        spans.fields.push((*field, *key, elements));
    }
    (Lowered { spec, later }, spans)
}

impl Spans {
    /// What was not written here may be written where it could not be found.
    pub(crate) fn open(&mut self) {
        self.is_open = true;
    }

    /// The tokens that a location of the core is about; none where they could not be read,
    /// so that what is said of their absence would be wrong.
    pub(crate) fn at(&self, location: &Location) -> Option<Span> {
        let Some((_, key, elements)) =
            self.fields.iter().find(|(field, ..)| *field == location.field)
        else {
            let is_unknown = self.is_open || self.unread.contains(&location.field);
            return (!is_unknown).then_some(self.attribute);
        };
        // These have one value and no list.
        let is_single = matches!(location.field, Field::MaxAge | Field::PreflightStatus);
        let index = location.element.or(is_single.then_some(0));
        Some(match index.and_then(|index| elements.get(index)) {
            Some(Element::Text(text)) => {
                let range = location.range.clone();
                range.and_then(|range| inside(text, range)).unwrap_or_else(|| text.span())
            }
            Some(Element::Other(span)) => *span,
            None => *key,
        })
    }
}

/// A part of a text literal: only compilers that can split a span have one, and only
/// where the literal is written without escapes, so that its bytes are the text's.
fn inside(text: &LitStr, range: Range<usize>) -> Option<Span> {
    let literal: Literal = text.to_token_stream().into_iter().find_map(|token| match token {
        TokenTree::Literal(literal) => Some(literal),
        _ => None,
    })?;
    let source = literal.to_string();
    let start = source.find('"')? + 1;
    if source.get(start..)?.strip_prefix(&text.value())?.starts_with('"') {
        literal.subspan(start + range.start..start + range.end)
    } else {
        None
    }
}
