//! Where violations are collected, and the words that they share.

use crate::declaration::rule::Rule;
use crate::declaration::violation::{Field, Location, Violation, Violations};
use crate::origin::automaton::LONGEST_TEXT;

/// How many names a list may hold.
const LONGEST_LIST: usize = 1024;

/// How many patterns a policy may carry: each is judged by an automaton of its own.
const MOST_PATTERNS: usize = 32;

/// How much of a user's text is repeated, in characters: more than any origin has.
const LONGEST_QUOTE: usize = 320;

/// Collects violations in the order in which they are reported.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    kept: Vec<Violation>,
    /// How many were reported after as many as are kept.
    more: usize,
    /// Whether a rule that is not harmless was violated.
    has_harm: bool,
    /// The harmless violations that were not kept; none where there is harm besides.
    harmless: Vec<Harmless>,
}

/// A violation of a harmless rule: where, without its words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Harmless {
    pub(crate) rule: Rule,
    pub(crate) field: Field,
    pub(crate) element: Option<usize>,
}

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
        if !rule.is_harmless() {
            self.has_harm = true;
            self.harmless = Vec::new();
        }
        if self.kept.len() >= Violations::MOST_KEPT {
            self.more += 1;
            if !self.has_harm {
                let Location { field, element, .. } = location;
                self.harmless.push(Harmless { rule, field, element });
            }
            return;
        }
        let (value, message, help) = (value.to_owned(), printable(message), printable(help));
        self.kept.push(Violation { rule, location, value, message, help, note: None });
    }

    /// How many violations were reported.
    #[cfg(feature = "patterns")]
    pub(crate) fn len(&self) -> usize {
        self.kept.len() + self.more
    }

    /// Gives the last violation a note closer to the case than the one of its rule.
    pub(crate) fn note(&mut self, note: Option<String>) {
        if let Some(last) = self.kept.last_mut().filter(|_| self.more == 0) {
            last.note = note.map(printable);
        }
    }

    /// Reports a text that is too long to be checked, and returns whether it is.
    pub(crate) fn is_too_long(&mut self, what: &str, location: Location, text: &str) -> bool {
        let is_too_long = text.len() > LONGEST_TEXT;
        if is_too_long {
            let limits = match location.field {
                Field::Origins => ", its host at most 253, and a label of that at most 63",
                _ => "",
            };
            let message = format!(
                "{what} {} has {} octets, and may have at most {LONGEST_TEXT}{limits}",
                quote(text),
                text.len(),
            );
            // The value is cut too: what is kept must not grow with what was sent.
            let help = "write the value that is meant; no valid one is that long";
            self.report(Rule::TooLarge, location, &cut(text), message, help);
        }
        is_too_long
    }

    /// Reports a list of names that is too long to be checked, and returns whether it is.
    pub(crate) fn is_too_many(&mut self, field: Field, count: usize) -> bool {
        let most = if field == Field::OriginPatterns { MOST_PATTERNS } else { LONGEST_LIST };
        if count > most {
            self.report(
                Rule::TooLarge,
                Location::field(field),
                "",
                format!("`{}` has {count} elements, and may have at most {most}", field.key()),
                match field {
                    Field::OriginPatterns => {
                        "join patterns into one: `^https://(?:a|b)-[0-9]+\\.example\\.com$`"
                    }
                    _ => "write the names that are in use",
                },
            );
        }
        count > most
    }

    /// All violations, if each of them is harmless.
    pub(crate) fn harmless(&self) -> Option<Vec<Harmless>> {
        let kept = self.kept.iter().map(|Violation { rule, location, .. }| Harmless {
            rule: *rule,
            field: location.field,
            element: location.element,
        });
        (!self.has_harm).then(|| kept.chain(self.harmless.iter().copied()).collect())
    }

    /// The checked declaration, if nothing was reported.
    pub(crate) fn finish<T>(self, checked: T) -> Result<T, Violations> {
        if self.kept.is_empty() { Ok(checked) } else { Err(Violations::new(self.kept, self.more)) }
    }
}

/// The start of a text, at most as much of it as is repeated.
fn cut(text: &str) -> String {
    text.chars().take(LONGEST_QUOTE).collect()
}

/// Words with a user's text in them, harmless to print: what breaks lines, hides characters or turns
/// the direction of reading is escaped.
fn printable(words: impl Into<String>) -> String {
    let is_harmful = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
    };
    let words = words.into();
    if !words.contains(is_harmful) {
        return words;
    }
    let mut out = String::with_capacity(words.len() + 8);
    for c in words.chars() {
        if is_harmful(c) { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}

/// A user's text in a message, the end cut off where it is longer than anything that can be meant.
pub(crate) fn quote(text: &str) -> String {
    if text.is_empty() {
        return "`\"\"`".to_owned();
    }
    let mut out = String::with_capacity(text.len().min(LONGEST_QUOTE) + 5);
    out.push('`');
    let mut chars = text.chars();
    out.extend(chars.by_ref().take(LONGEST_QUOTE));
    if !chars.as_str().is_empty() {
        out.push_str("...");
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

#[cfg(test)]
mod tests {
    use super::{LONGEST_LIST, LONGEST_QUOTE, LONGEST_TEXT, MOST_PATTERNS, Sink};
    use crate::declaration::violation::{Field, Location, Violation};

    fn reported(sink: Sink) -> Violation {
        let violations = sink.finish(()).unwrap_err();
        violations.iter().next().unwrap().clone()
    }

    #[test]
    fn texts_have_a_longest() {
        let mut sink = Sink::default();
        for (field, is_host) in [(Field::Origins, true), (Field::Headers, false)] {
            let at = || Location::element(field, 0);
            assert!(!sink.is_too_long("it", at(), &"é".repeat(LONGEST_TEXT / 2)));
            let mut sink = Sink::default();
            assert!(sink.is_too_long("it", at(), &"a".repeat(LONGEST_TEXT + 1)));
            let violation = reported(sink);
            assert_eq!(violation.message().contains("its host at most 253"), is_host);
            assert_eq!(violation.value(), "a".repeat(LONGEST_QUOTE));
        }
        assert!(sink.finish(()).is_ok());
    }

    #[test]
    fn lists_have_a_longest() {
        let mut sink = Sink::default();
        for (field, most) in
            [(Field::OriginPatterns, MOST_PATTERNS), (Field::Headers, LONGEST_LIST)]
        {
            assert!(!sink.is_too_many(field, most));
            for count in [most + 1, most + 2] {
                let mut sink = Sink::default();
                assert!(sink.is_too_many(field, count));
                let joins = reported(sink).help().contains("join patterns into one");
                assert_eq!(joins, field == Field::OriginPatterns);
            }
        }
        assert!(sink.finish(()).is_ok());
    }
}
