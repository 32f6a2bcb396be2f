//! From the text of a pattern to automata.

use std::ops::Range;

use regex_syntax::{
    ParserBuilder,
    hir::{Class, Hir, HirKind, Look},
};

use super::dfa::{Classes, Dfa, Outline};
use super::{only_text::only_text_of, origins, search::Search};

/// How many states a pattern may have, before it is known how many of them are the same.
const MAX_STATES: usize = 3000;

/// A pattern that could be read, and decided.
pub(super) struct Pattern {
    hir: Hir,
    search: Search,
}

/// Why a pattern could not be turned into an automaton.
pub(super) enum Failure {
    /// It is no regular expression, or one that asks for what automata can't do.
    Syntax { range: Option<Range<usize>>, because: String, reason: Reason },
    /// It has too many states.
    TooComplex,
}

/// What is wrong with the syntax of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// It asks for Unicode.
    Unicode,
    /// It looks around.
    LookAround,
    /// It is no regular expression.
    Other,
}

impl Pattern {
    /// Reads a pattern the way the `regex` crate does, apart from Unicode, which no origin contains.
    pub(super) fn new(text: &str) -> Result<Self, Failure> {
        let foreign = text.char_indices().find(|(_, character)| !character.is_ascii());
        if let Some((at, character)) = foreign {
            return Err(asks_for_unicode(Some(at..at + character.len_utf8())));
        }
        let mut parser = ParserBuilder::new().unicode(false).utf8(false).nest_limit(100).build();
        let hir = parser.parse(text).map_err(|error| syntax_failure(&error))?;
        // What Unicode support there is depends on the features of the whole build, so all of it is
        // refused: the verdict and its words must be the same everywhere.
        if hir.properties().look_set().contains_word_unicode() || has_unicode_class(&hir) {
            return Err(asks_for_unicode(None));
        }
        Self::from_hir(hir)
    }

    /// The same pattern, with `^` before and `$` behind all of it.
    pub(super) fn anchored(&self) -> Result<Self, Failure> {
        let (start, end) = (Hir::look(Look::Start), Hir::look(Look::End));
        Self::from_hir(Hir::concat(vec![start, self.hir.clone(), end]))
    }

    /// Whether the pattern as a whole is a choice between others.
    pub(super) fn is_alternation(&self) -> bool {
        matches!(self.hir.kind(), HirKind::Alternation(_))
    }

    /// Whether the pattern plainly matches one text alone.
    pub(super) fn is_one_text(&self) -> bool {
        only_text_of(&self.hir).is_some()
    }

    fn from_hir(hir: Hir) -> Result<Self, Failure> {
        let anchored = hir.properties().look_set_prefix().contains(Look::Start);
        let search = Search::new(&hir, anchored, None).ok_or(Failure::TooComplex)?;
        Ok(Self { hir, search })
    }

    /// What the pattern admits among the origins of browsers. Outputs are those of [`origins`].
    pub(super) fn admitted(&self) -> Result<Dfa, Failure> {
        let search = &self.search;
        let origin_states = origins::states();
        let outline = Outline {
            classes: Classes::group(|byte| {
                origins::reads(byte).then(|| (origins::class(byte), search.class(byte)))
            }),
            keys: search.states() * origin_states,
            start: search.start() * origin_states + origins::START,
            step: |key: usize, byte| {
                // A pattern reads less than an origin may go on with.
                let state = search.step(key / origin_states, byte);
                if state == 0 {
                    return 0;
                }
                match origins::step(key % origin_states, byte) {
                    0 => 0,
                    origin => state * origin_states + origin,
                }
            },
            output: |key: usize| {
                let (state, origin) = (key / origin_states, key % origin_states);
                let output = origins::output(origin);
                if output & origins::ACCEPTS != 0 && !search.accepts(state) {
                    output & !origins::ACCEPTS
                } else {
                    output
                }
            },
        };
        Dfa::explore(&outline, MAX_STATES).ok_or(Failure::TooComplex)
    }

    /// What the pattern matches, origin or not, as far as it is ASCII.
    pub(super) fn matched(&self) -> Option<Dfa> {
        written_out(&self.search)
    }

    /// Every string over ASCII, with an output that tells whether the pattern matches it.
    #[cfg(test)]
    pub(super) fn complete(&self, output: impl Fn(bool) -> u16) -> Dfa {
        // A search that has died is a state of its own here, because it has an output too.
        let dead = self.search.states();
        let outline = Outline {
            classes: classes(&self.search, |_| true),
            keys: dead + 1,
            start: self.search.start(),
            step: |state, byte| match state {
                _ if state == dead => dead,
                _ => match self.search.step(state, byte) {
                    0 => dead,
                    next => next,
                },
            },
            output: |state| output(state != dead && self.search.accepts(state)),
        };
        Dfa::explore(&outline, MAX_STATES).unwrap()
    }

    /// Whether no match starts behind the start of the text.
    ///
    /// Line breaks don't occur in a header, so `(?m)^` is as good as `^`.
    pub(super) fn starts_anchored(&self) -> Result<bool, Failure> {
        if self.hir.properties().look_set_prefix().contains(Look::Start) {
            return Ok(true);
        }
        // `\b` asks what is before the match: a letter may change the answer.
        for before in [b'a', b'-'] {
            let search = Search::new(&self.hir, true, Some(before)).ok_or(Failure::TooComplex)?;
            let matches = written_out(&search).ok_or(Failure::TooComplex)?;
            if !matches.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether no match ends before the end of the text.
    pub(super) fn ends_anchored(&self) -> Result<bool, Failure> {
        if self.hir.properties().look_set_suffix().contains(Look::End) {
            return Ok(true);
        }
        let search = &self.search;
        let outline = Outline {
            classes: classes(search, |byte| byte.is_ascii_graphic()),
            keys: search.states(),
            start: search.start(),
            step: |state, byte| search.step(state, byte),
            output: |state| u16::from(Search::has_matched(state)),
        };
        let early = Dfa::explore(&outline, MAX_STATES).ok_or(Failure::TooComplex)?;
        Ok(early.is_empty())
    }
}

fn classes(search: &Search, reads: impl Fn(u8) -> bool) -> Classes {
    Classes::group(|byte| reads(byte).then(|| search.class(byte)))
}

fn written_out(search: &Search) -> Option<Dfa> {
    let outline = Outline {
        classes: classes(search, |byte| byte != b'\n' && byte != b'\r'),
        keys: search.states(),
        start: search.start(),
        step: |state, byte| search.step(state, byte),
        output: |state| u16::from(search.accepts(state)),
    };
    Dfa::explore(&outline, MAX_STATES)
}

fn syntax_failure(error: &regex_syntax::Error) -> Failure {
    use regex_syntax::{ast, hir};
    let (span, because) = match error {
        regex_syntax::Error::Parse(error) => {
            if let ast::ErrorKind::NestLimitExceeded(_) = error.kind() {
                return Failure::TooComplex;
            }
            (error.span(), error.kind().to_string())
        }
        regex_syntax::Error::Translate(error) => (error.span(), error.kind().to_string()),
        _ => {
            let because = error.to_string();
            return Failure::Syntax { range: None, because, reason: Reason::Other };
        }
    };
    let range = Some(span.start.offset..span.end.offset);
    match error {
        regex_syntax::Error::Translate(error)
            if !matches!(
                error.kind(),
                hir::ErrorKind::InvalidUtf8 | hir::ErrorKind::InvalidLineTerminator
            ) =>
        {
            asks_for_unicode(range)
        }
        regex_syntax::Error::Parse(error)
            if matches!(error.kind(), ast::ErrorKind::UnsupportedLookAround) =>
        {
            Failure::Syntax { range, because, reason: Reason::LookAround }
        }
        _ => Failure::Syntax { range, because, reason: Reason::Other },
    }
}

fn asks_for_unicode(range: Option<Range<usize>>) -> Failure {
    Failure::Syntax {
        range,
        because: "the pattern asks for Unicode, but origins are ASCII".to_owned(),
        reason: Reason::Unicode,
    }
}

fn has_unicode_class(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => !class.is_ascii(),
        HirKind::Repetition(repetition) => has_unicode_class(&repetition.sub),
        HirKind::Capture(capture) => has_unicode_class(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(has_unicode_class),
        _ => false,
    }
}
