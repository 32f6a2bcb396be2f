//! How one element of a declaration writes an origin, and how messages name it.

use std::ops::Range;

use super::sink::quote;
use crate::declaration::violation::{Field, Location};

/// An origin as it is written: a literal, or a pattern that matches one text alone.
///
/// Both are checked by the same rules, and differ only in messages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written<'a> {
    /// The element of the list.
    pub(crate) text: &'a str,
    /// The origin that it means.
    pub(crate) origin: &'a str,
    pub(crate) index: usize,
    field: Field,
}

impl<'a> Written<'a> {
    pub(crate) const fn literal(text: &'a str, index: usize) -> Self {
        Self { text, origin: text, index, field: Field::Origins }
    }

    pub(crate) const fn debug(text: &'a str, index: usize) -> Self {
        Self { text, origin: text, index, field: Field::DebugOrigins }
    }

    #[cfg(feature = "patterns")]
    pub(crate) const fn pattern(text: &'a str, origin: &'a str, index: usize) -> Self {
        Self { text, origin, index, field: Field::OriginPatterns }
    }

    const fn is_literal(self) -> bool {
        matches!(self.field, Field::Origins | Field::DebugOrigins)
    }

    pub(crate) const fn location(self) -> Location {
        Location::element(self.field, self.index)
    }

    /// The bytes of the origin that something is about, where they are bytes of the element.
    pub(crate) fn part(self, range: &Range<usize>) -> Location {
        if range.is_empty() || !self.is_literal() {
            self.location()
        } else {
            Location::bytes(self.field, self.index, range.clone())
        }
    }

    /// A sentence about the origin, from its predicate.
    pub(crate) fn says(self, predicate: &str) -> String {
        let text = quote(self.text);
        if self.is_literal() {
            format!("origin {text} {predicate}")
        } else {
            format!("origin pattern {text} matches only {}, which {predicate}", quote(self.origin))
        }
    }

    /// Another origin, written in the way in which this one is.
    pub(crate) fn instead(self, origin: &str) -> String {
        let literal = quote(origin);
        if self.is_literal() {
            return literal;
        }
        if origin.contains('*') {
            return format!("{literal} in `origins`");
        }
        let pattern: String = origin
            .chars()
            .flat_map(|c| matches!(c, '.' | '[' | ']').then_some('\\').into_iter().chain([c]))
            .collect();
        format!("`^{pattern}$`, or {literal} in `origins`")
    }
}
