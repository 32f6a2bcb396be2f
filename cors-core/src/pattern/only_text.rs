//! Patterns that match one text alone, and so are a literal in another spelling.

use regex_syntax::{
    ParserBuilder,
    hir::{Hir, HirKind, Look},
};

/// The only text that a pattern matches, if it is anchored and plainly matches no other.
///
/// `(?m)^` and `(?m)$` count as anchors, because line breaks don't occur in a header.
///
/// ```
/// use cors_core::__private::pattern::only_text;
///
/// assert_eq!(only_text(r"^https://(app)\.example\.com$").as_deref(), Some("https://app.example.com"));
/// assert_eq!(only_text(r"^https://app.example\.com$"), None);
/// assert_eq!(only_text(r"https://app\.example\.com"), None);
/// ```
#[must_use]
pub fn only_text(pattern: &str) -> Option<String> {
    let unicode = !pattern.is_ascii();
    let mut parser = ParserBuilder::new().unicode(unicode).utf8(false).nest_limit(100).build();
    only_text_of(&parser.parse(pattern).ok()?)
}

/// The same of a pattern that has been read.
pub(super) fn only_text_of(hir: &Hir) -> Option<String> {
    let mut only = Only::default();
    only.read(hir)?;
    if !only.ended {
        return None;
    }
    String::from_utf8(only.text).ok()
}

/// What has been read from the left.
#[derive(Default)]
struct Only {
    text: Vec<u8>,
    started: bool,
    ended: bool,
}

impl Only {
    fn read(&mut self, hir: &Hir) -> Option<()> {
        match hir.kind() {
            HirKind::Empty => Some(()),
            HirKind::Literal(literal) if self.started && !self.ended => {
                self.text.extend_from_slice(&literal.0);
                Some(())
            }
            HirKind::Look(Look::Start | Look::StartLF) if self.text.is_empty() => {
                self.started = true;
                Some(())
            }
            HirKind::Look(Look::End | Look::EndLF) if self.started => {
                self.ended = true;
                Some(())
            }
            HirKind::Capture(capture) => self.read(&capture.sub),
            HirKind::Concat(parts) => parts.iter().try_for_each(|part| self.read(part)),
            HirKind::Repetition(repetition) if repetition.max == Some(repetition.min) => {
                // No origin is longer, and a counted repetition may be of any length.
                let count = repetition.min.min(MAX_REPETITIONS);
                (count == repetition.min).then_some(())?;
                (0..count).try_for_each(|_| {
                    self.read(&repetition.sub)?;
                    (self.text.len() <= MAX_TEXT).then_some(())
                })
            }
            _ => None,
        }
    }
}

/// The longest text that is looked at.
const MAX_TEXT: usize = 4096;

const MAX_REPETITIONS: u32 = 1024;
