//! The states of a pattern (Thompson's construction), as far as it reads ASCII.
//!
//! Patterns are read without Unicode, and an origin is ASCII, so a state reads one byte, and a byte beyond
//! ASCII is never read. That is a small part of what a library for all expressions has, which would be
//! compiled for the macro of every program.

use std::iter;

use regex_syntax::hir::{Class, Hir, HirKind, Look, LookSet, Repetition};

/// How many states a pattern may have.
const MAX_STATES: usize = 20_000;

/// How many parts of an expression may be looked at: a repetition of what matches only the empty text
/// needs no states.
const MAX_WORK: usize = 10 * MAX_STATES;

/// How many bytes there are.
pub(super) const BYTES: u8 = 128;

/// Of a state.
pub(super) type Id = usize;

/// What a search does in a state.
#[derive(Debug)]
pub(super) enum State {
    /// Reads one byte of these ranges, which are apart and in ascending order.
    Read { ranges: Box<[(u8, u8)]>, next: Id },
    /// Goes on where an assertion holds.
    Look { look: Look, next: Id },
    /// Goes on with all of these.
    Split(Vec<Id>),
    /// The pattern has matched.
    Match,
}

/// A nondeterministic automaton.
#[derive(Debug)]
pub(super) struct Nfa {
    states: Vec<State>,
    start: Id,
    /// The assertions in it.
    looks: LookSet,
    work: usize,
}

impl Nfa {
    /// Of a pattern that has to match at the start of the text, or anywhere in it. `None` if it gets too
    /// large.
    pub(super) fn new(hir: &Hir, is_anchored: bool) -> Option<Self> {
        let looks = hir.properties().look_set();
        let mut nfa = Self { states: vec![State::Match], start: 0, looks, work: 0 };
        let start = nfa.read(hir, 0)?;
        nfa.start = if is_anchored { start } else { nfa.anywhere(start)? };
        Some(nfa)
    }

    pub(super) fn start(&self) -> Id {
        self.start
    }

    pub(super) fn looks(&self) -> LookSet {
        self.looks
    }

    pub(super) fn len(&self) -> usize {
        self.states.len()
    }

    pub(super) fn state(&self, id: Id) -> Option<&State> {
        self.states.get(id)
    }

    /// The classes of bytes that the pattern does not tell apart, numbered by their first bytes.
    pub(super) fn classes(&self) -> Vec<u8> {
        let mut begins = [false; BYTES as usize + 1];
        let mut set_apart = |first: u8, last: u8| {
            for byte in [first, last + 1] {
                if let Some(begins) = begins.get_mut(usize::from(byte)) {
                    *begins = true;
                }
            }
        };
        for state in &self.states {
            if let State::Read { ranges, .. } = state {
                ranges.iter().for_each(|(first, last)| set_apart(*first, *last));
            }
        }
        if self.looks.contains_anchor_line() {
            set_apart(b'\n', b'\n');
            set_apart(b'\r', b'\r');
        }
        if self.looks.contains_word() {
            for (first, last) in [(b'0', b'9'), (b'A', b'Z'), (b'_', b'_'), (b'a', b'z')] {
                set_apart(first, last);
            }
        }
        let mut class = 0;
        let rest = begins.iter().take(BYTES.into()).skip(1).map(|begins| {
            class += u8::from(*begins);
            class
        });
        iter::once(0).chain(rest).collect()
    }

    fn add(&mut self, state: State) -> Option<Id> {
        let id = self.states.len();
        self.states.push(state);
        (id < MAX_STATES).then_some(id)
    }

    /// A start that matches wherever the pattern does.
    fn anywhere(&mut self, start: Id) -> Option<Id> {
        let split = self.add(State::Split(vec![start]))?;
        let any = State::Read { ranges: [(0, BYTES - 1)].into(), next: split };
        let any = self.add(any)?;
        self.also(split, any);
        Some(split)
    }

    /// A split goes on with one more state.
    fn also(&mut self, split: Id, next: Id) {
        if let Some(State::Split(others)) = self.states.get_mut(split) {
            others.push(next);
        }
    }

    /// What reads an expression, and goes on with `next`.
    fn read(&mut self, hir: &Hir, next: Id) -> Option<Id> {
        self.work += 1;
        if self.work > MAX_WORK {
            return None;
        }
        match hir.kind() {
            HirKind::Empty => Some(next),
            HirKind::Literal(literal) => literal.0.iter().rev().try_fold(next, |next, byte| {
                self.add(State::Read { ranges: ascii(*byte, *byte).collect(), next })
            }),
            HirKind::Class(class) => {
                let ranges = match class {
                    Class::Bytes(class) => {
                        class.iter().filter_map(|it| ascii(it.start(), it.end()).next()).collect()
                    }
                    Class::Unicode(class) => {
                        let clip = |it: char| u8::try_from(it).unwrap_or(u8::MAX);
                        let ranges = class.iter().map(|it| (clip(it.start()), clip(it.end())));
                        ranges.filter_map(|(first, last)| ascii(first, last).next()).collect()
                    }
                };
                self.add(State::Read { ranges, next })
            }
            HirKind::Look(look) => self.add(State::Look { look: *look, next }),
            HirKind::Repetition(repetition) => self.repeat(repetition, next),
            HirKind::Capture(capture) => self.read(&capture.sub, next),
            HirKind::Concat(parts) => {
                parts.iter().rev().try_fold(next, |next, part| self.read(part, next))
            }
            HirKind::Alternation(parts) => {
                let parts = parts.iter().map(|part| self.read(part, next));
                let parts = parts.collect::<Option<Vec<Id>>>()?;
                self.add(State::Split(parts))
            }
        }
    }

    fn repeat(&mut self, Repetition { min, max, sub, .. }: &Repetition, next: Id) -> Option<Id> {
        let mut start = next;
        match max {
            None => {
                start = self.add(State::Split(vec![next]))?;
                let again = self.read(sub, start)?;
                self.also(start, again);
            }
            Some(max) => {
                for _ in *min..*max {
                    let once_more = self.read(sub, start)?;
                    start = self.add(State::Split(vec![once_more, next]))?;
                }
            }
        }
        (0..*min).try_fold(start, |start, _| self.read(sub, start))
    }
}

/// What of a range is ASCII.
fn ascii(first: u8, last: u8) -> impl Iterator<Item = (u8, u8)> {
    (first < BYTES).then(|| (first, last.min(BYTES - 1))).into_iter()
}

/// Whether an assertion holds between two bytes; where there is none, the text begins or ends.
pub(super) fn holds(look: Look, before: Option<u8>, after: Option<u8>) -> bool {
    let is_word =
        |byte: Option<u8>| byte.is_some_and(|it| it == b'_' || it.is_ascii_alphanumeric());
    let (word_before, word_after) = (is_word(before), is_word(after));
    match look {
        Look::Start => before.is_none(),
        Look::End => after.is_none(),
        Look::StartLF => matches!(before, None | Some(b'\n')),
        Look::EndLF => matches!(after, None | Some(b'\n')),
        // Not between the two characters of one line break.
        Look::StartCRLF => match before {
            None | Some(b'\n') => true,
            Some(b'\r') => after != Some(b'\n'),
            Some(_) => false,
        },
        Look::EndCRLF => match after {
            None | Some(b'\r') => true,
            Some(b'\n') => before != Some(b'\r'),
            Some(_) => false,
        },
        // Between two bytes of ASCII, those of Unicode are the same.
        Look::WordAscii | Look::WordUnicode => word_before != word_after,
        Look::WordAsciiNegate | Look::WordUnicodeNegate => word_before == word_after,
        Look::WordStartAscii | Look::WordStartUnicode => !word_before && word_after,
        Look::WordEndAscii | Look::WordEndUnicode => word_before && !word_after,
        Look::WordStartHalfAscii | Look::WordStartHalfUnicode => !word_before,
        Look::WordEndHalfAscii | Look::WordEndHalfUnicode => !word_after,
    }
}
