//! Where violations are collected, and the words that they share.

use crate::declaration::rule::Rule;
use crate::declaration::violation::{Location, Violation, Violations};

/// Collects violations in the order in which they are reported.
#[derive(Debug, Default)]
pub(crate) struct Sink(Vec<Violation>);

impl Sink {
    /// Reports a violation: what is wrong with which value, and what to do instead.
    pub(crate) fn report(
        &mut self,
        rule: Rule,
        location: Location,
        value: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let (value, message, help) = (value.to_owned(), message.into(), help.into());
        self.0.push(Violation { rule, location, value, message, help, note: None });
    }

    /// How many violations were reported.
    #[cfg(feature = "patterns")]
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Gives the last violation a note closer to the case than the one of its rule.
    pub(crate) fn note(&mut self, note: Option<String>) {
        if let Some(last) = self.0.last_mut() {
            last.note = note;
        }
    }

    /// The checked declaration, if nothing was reported.
    pub(crate) fn finish<T>(self, checked: T) -> Result<T, Violations> {
        if self.0.is_empty() { Ok(checked) } else { Err(Violations(self.0)) }
    }
}

/// A user's text in a message.
pub(crate) fn quote(text: &str) -> String {
    if text.is_empty() {
        return "`\"\"`".to_owned();
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('`');
    for c in text.chars() {
        if c.is_control() { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out.push('`');
    out
}

/// A list to paste in place of one element.
pub(crate) fn as_elements(texts: &[&str]) -> String {
    let list: Vec<_> = texts.iter().map(|text| format!("\"{text}\"")).collect();
    format!("write each as an element of its own: {}", quote(&list.join(", ")))
}

/// Texts in a message, one after the other.
pub(crate) fn quote_all<T: AsRef<str>>(texts: &[T]) -> String {
    texts.iter().map(|text| quote(text.as_ref())).collect::<Vec<_>>().join(", ")
}
