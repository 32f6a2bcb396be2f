//! The automaton of a search for a pattern (the subset construction).
//!
//! Most states of a pattern read one character, and inside a macro all of this runs unoptimised: so the
//! row of a state is made of what it reads, and not of what each class of bytes leads to.

use std::collections::BTreeMap;

use regex_syntax::hir::{Hir, Look};

use super::nfa::{Id, Nfa, State, holds};

/// How many bytes the tables of a pattern may take, and how many members all sets may have.
const WORKSPACE: usize = 512 * 1024;

/// How many states of the regular expression may be looked at: half a second of work, where it is
/// unoptimised.
const MAX_WORK: usize = 3_000_000;

/// The state that no match is reached from.
const DEAD: u32 = 0;

/// The state after a match: the search may stop, as a pattern only has to match somewhere.
const MATCHED: u32 = 1;

/// A deterministic automaton over ASCII that reads a text until the pattern has matched somewhere.
pub(super) struct Search {
    classes: Vec<u8>,
    stride: usize,
    rows: Vec<u32>,
    accepts: Vec<bool>,
    start: u32,
}

impl Search {
    /// Where `is_anchored`, a match has to start at the start, behind the byte `before` if there is one.
    /// `None` if it gets too large.
    pub(super) fn new(hir: &Hir, is_anchored: bool, before: Option<u8>) -> Option<Self> {
        let nfa = Nfa::new(hir, is_anchored)?;
        let mut subsets = Subsets::new(&nfa);
        let start = subsets.number(&[nfa.start()], before)?;
        while let Some((state, set)) = subsets.open.pop() {
            subsets.write(state, &set)?;
        }
        let Subsets { classes, stride, rows, accepts, .. } = subsets;
        Some(Self { classes, stride, rows, accepts, start })
    }

    /// The class of a byte: the pattern does not tell those of one class apart.
    pub(super) fn class(&self, byte: u8) -> u8 {
        self.classes.get(usize::from(byte)).copied().unwrap_or(0)
    }

    /// How many states there are; each is a number below.
    pub(super) fn states(&self) -> usize {
        self.accepts.len()
    }

    pub(super) fn start(&self) -> usize {
        self.start as usize
    }

    /// The state behind a byte, 0 if no match is reached any more.
    pub(super) fn step(&self, state: usize, byte: u8) -> usize {
        let index = state * self.stride + usize::from(self.class(byte));
        self.rows.get(index).copied().unwrap_or(DEAD) as usize
    }

    /// Whether the text may end here.
    pub(super) fn accepts(&self, state: usize) -> bool {
        self.accepts.get(state) == Some(&true)
    }

    /// Whether the pattern has matched, whatever follows.
    pub(super) fn has_matched(state: usize) -> bool {
        state == MATCHED as usize
    }
}

/// What a state of the automaton stands for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Set {
    /// What has been read last, if a member looks at it.
    before: Option<u8>,
    /// States of the regular expression that read a byte, or look at what follows, in ascending order.
    members: Vec<Id>,
}

/// What is known of the text behind a place in it.
#[derive(Clone, Copy)]
enum Next {
    Unknown,
    Byte(u8),
    End,
}

/// The sets that have been found so far.
struct Subsets<'a> {
    nfa: &'a Nfa,
    classes: Vec<u8>,
    stride: usize,
    /// A byte of each class.
    bytes: Vec<u8>,
    /// Whether what has been read last never matters, apart from whether anything has been.
    ignores_before: bool,
    numbers: BTreeMap<Set, u32>,
    /// The numbers of the sets that one state leads to; by far most sets are found here.
    alone: Vec<u32>,
    /// Those whose row is still to be written.
    open: Vec<(u32, Set)>,
    rows: Vec<u32>,
    accepts: Vec<bool>,
    members: usize,
    work: usize,
    /// In which round a state has last been seen.
    seen: Vec<usize>,
    round: usize,
}

impl<'a> Subsets<'a> {
    fn new(nfa: &'a Nfa) -> Self {
        let classes = nfa.classes();
        let mut bytes = Vec::new();
        for (byte, class) in (0..).zip(&classes) {
            // Classes are numbered in the order of their first bytes.
            if usize::from(*class) == bytes.len() {
                bytes.push(byte);
            }
        }
        let stride = bytes.len();
        let looks = nfa.looks().remove(Look::Start).remove(Look::End);
        Self {
            nfa,
            classes,
            stride,
            bytes,
            ignores_before: looks.is_empty(),
            numbers: BTreeMap::new(),
            alone: vec![DEAD; nfa.len()],
            open: Vec::new(),
            rows: [vec![DEAD; stride], vec![MATCHED; stride]].concat(),
            accepts: vec![false, true],
            members: 0,
            work: 0,
            seen: vec![0; nfa.len()],
            round: 0,
        }
    }

    /// The number of the state in which the search is in all of `from`, behind the byte `before`.
    fn number(&mut self, from: &[Id], before: Option<u8>) -> Option<u32> {
        let Some(mut members) = self.close(from, before, Next::Unknown) else {
            return Some(MATCHED);
        };
        if members.is_empty() {
            return Some(DEAD);
        }
        if self.work > MAX_WORK {
            return None;
        }
        members.sort_unstable();
        let looks = members.iter().any(|member| self.look(*member).is_some());
        let set = Set { before: before.filter(|_| looks), members };
        if let Some(number) = self.numbers.get(&set) {
            return Some(*number);
        }
        let number = u32::try_from(self.accepts.len()).ok()?;
        self.members += set.members.len();
        self.rows.resize(self.rows.len() + self.stride, DEAD);
        self.accepts.push(false);
        if self.members > WORKSPACE || self.rows.len() > WORKSPACE / size_of::<u32>() {
            return None;
        }
        self.open.push((number, set.clone()));
        self.numbers.insert(set, number);
        Some(number)
    }

    /// All states that are reached without reading, as far as they read or can't be decided; `None` if
    /// the pattern has matched.
    fn close(&mut self, from: &[Id], before: Option<u8>, next: Next) -> Option<Vec<Id>> {
        self.round += 1;
        let mut members = Vec::new();
        let mut stack = from.to_vec();
        while let Some(id) = stack.pop() {
            match self.seen.get_mut(id) {
                Some(seen) if *seen < self.round => *seen = self.round,
                _ => continue,
            }
            self.work += 1;
            match self.nfa.state(id) {
                Some(State::Read { .. }) => members.push(id),
                Some(State::Look { look, next: target }) => match is_true(*look, before, next) {
                    Some(true) => stack.push(*target),
                    Some(false) => {}
                    None => members.push(id),
                },
                Some(State::Split(others)) => stack.extend_from_slice(others),
                Some(State::Match) | None => return None,
            }
        }
        Some(members)
    }

    /// The assertion of a state, if it is one.
    fn look(&self, id: Id) -> Option<Look> {
        match self.nfa.state(id) {
            Some(State::Look { look, .. }) => Some(*look),
            _ => None,
        }
    }

    /// The bytes that a state reads, and where it goes on.
    fn read(&self, id: Id) -> Option<(&'a [(u8, u8)], Id)> {
        match self.nfa.state(id) {
            Some(State::Read { ranges, next }) => Some((ranges, *next)),
            _ => None,
        }
    }

    /// Writes the row of a state.
    fn write(&mut self, number: u32, set: &Set) -> Option<()> {
        let Set { before, members } = set;
        if members.iter().any(|member| self.look(*member).is_some()) {
            let has_matched = self.close(members, *before, Next::End).is_none();
            *self.accepts.get_mut(number as usize)? = has_matched;
        }
        let row = number as usize * self.stride;
        // Where a byte follows, the text does not end.
        if members.iter().filter_map(|member| self.look(*member)).any(|look| look != Look::End) {
            return self.write_decided(row, set);
        }
        // The first target of each class, and all others. Most classes have one target: to sort them all
        // would take half as long again.
        let mut first: Vec<Option<Id>> = vec![None; self.stride];
        let mut others: Vec<(usize, Id)> = Vec::new();
        for member in members {
            let Some((ranges, next)) = self.read(*member) else { continue };
            for (start, end) in ranges {
                let class = |byte: u8| self.classes.get(usize::from(byte)).copied();
                let (from, to) = (class(*start)?, class(*end)?);
                for class in usize::from(from)..=usize::from(to) {
                    match first.get_mut(class)? {
                        Some(first) if *first == next => {}
                        Some(_) => others.push((class, next)),
                        free => *free = Some(next),
                    }
                }
            }
        }
        for (class, first) in first.into_iter().enumerate() {
            let Some(first) = first else { continue };
            let others = others.iter().filter(|(of, _)| *of == class).map(|(_, target)| *target);
            let targets: Vec<Id> = [first].into_iter().chain(others).collect();
            *self.rows.get_mut(row + class)? = self.behind(&targets, class)?;
        }
        Some(())
    }

    /// The same where members look at what follows, which a class decides.
    fn write_decided(&mut self, row: usize, set: &Set) -> Option<()> {
        for class in 0..self.stride {
            let byte = *self.bytes.get(class)?;
            let number = match self.close(&set.members, set.before, Next::Byte(byte)) {
                None => MATCHED,
                Some(members) => {
                    let read = members.iter().filter_map(|member| self.read(*member));
                    let read = read.filter(|(ranges, _)| {
                        ranges.iter().any(|(first, last)| (*first..=*last).contains(&byte))
                    });
                    let targets: Vec<Id> = read.map(|(_, next)| next).collect();
                    self.behind(&targets, class)?
                }
            };
            *self.rows.get_mut(row + class)? = number;
        }
        Some(())
    }

    /// The number of the state in which the search is in all of `targets`, behind a byte of a class.
    fn behind(&mut self, targets: &[Id], class: usize) -> Option<u32> {
        // Whatever it is, the start is behind it.
        let before = if self.ignores_before { b'-' } else { like(*self.bytes.get(class)?) };
        let [target] = targets else { return self.number(targets, Some(before)) };
        if !self.ignores_before {
            return self.number(targets, Some(before));
        }
        if *self.alone.get(*target)? == DEAD {
            let number = self.number(targets, Some(before))?;
            *self.alone.get_mut(*target)? = number;
        }
        self.alone.get(*target).copied()
    }
}

/// A byte that no assertion distinguishes from this one.
fn like(byte: u8) -> u8 {
    match byte {
        b'\n' | b'\r' => byte,
        b'_' => b'a',
        _ if byte.is_ascii_alphanumeric() => b'a',
        _ => b'-',
    }
}

/// Whether an assertion holds between two bytes, if that is known.
fn is_true(look: Look, before: Option<u8>, next: Next) -> Option<bool> {
    match next {
        Next::Byte(byte) => Some(holds(look, before, Some(byte))),
        Next::End => Some(holds(look, before, None)),
        // What follows does not matter.
        Next::Unknown if matches!(look, Look::Start | Look::StartLF) => {
            Some(holds(look, before, None))
        }
        Next::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use regex::bytes::RegexBuilder;
    use regex_syntax::ParserBuilder;

    use super::*;

    /// Texts over few bytes, which assertions tell apart.
    fn texts() -> Vec<Vec<u8>> {
        let mut texts = vec![Vec::new()];
        let mut longest = 0;
        for _ in 0..4 {
            let end = texts.len();
            for index in longest..end {
                texts.extend(b"a-\n\r".map(|byte| [texts[index].as_slice(), &[byte]].concat()));
            }
            longest = end;
        }
        texts
    }

    #[test]
    fn what_gets_too_large_is_given_up() {
        for pattern in [
            "a{1000}{1000}",
            "(?:a?){0,1000}{0,1000}",
            "(?:^{0,9}|$){0,1000}{0,1000}{0,1000}",
            "(?:|){1000}{1000}{1000}",
            "a{30000}",
        ] {
            let hir = regex_syntax::parse(pattern).unwrap();
            assert!(Search::new(&hir, true, None).is_none_or(|it| it.states() < 10), "{pattern}");
        }
    }

    #[test]
    fn matches_what_regex_matches() {
        let pieces = [
            "a",
            "-*",
            "[^a]",
            "(a|a-)*",
            "(?:a?){2}",
            "(?:a|-){1,3}",
            "(?:a*|-)*",
            ".",
            r"[\x00-\xff--a]",
            r"\xff?",
            "\n",
            "^",
            "$",
            "(?m:^)",
            "(?m:$)",
            "(?mR:^)",
            "(?mR:$)",
            r"\b",
            r"\B",
            r"\b{start}",
            r"\b{end}",
            r"\b{start-half}",
            r"\b{end-half}",
        ];
        let texts = texts();
        let mut number = 0;
        for a in pieces {
            for b in pieces {
                // One third of the others, so that it takes no time.
                for c in pieces.iter().skip(number % 3).step_by(3) {
                    number += 1;
                    let pattern = format!("{a}{b}{c}");
                    let regex = RegexBuilder::new(&pattern).unicode(false).build().unwrap();
                    let mut parser = ParserBuilder::new().unicode(false).utf8(false).build();
                    let hir = parser.parse(&pattern).unwrap();
                    let search = Search::new(&hir, false, None).unwrap();
                    for text in &texts {
                        let step = |state, byte: &u8| search.step(state, *byte);
                        let end = text.iter().fold(search.start(), step);
                        let expected = regex.is_match(text);
                        assert_eq!(search.accepts(end), expected, "{pattern:?} {text:?}");
                    }
                    let behind = format!("^(?s:.)(?:{pattern})");
                    let regex = RegexBuilder::new(&behind).unicode(false).build().unwrap();
                    for before in *b"a-\n\r" {
                        let search = Search::new(&hir, true, Some(before)).unwrap();
                        for text in &texts[..21] {
                            let step = |state, byte: &u8| search.step(state, *byte);
                            let end = text.iter().fold(search.start(), step);
                            let expected = regex.is_match(&[&[before], text.as_slice()].concat());
                            assert_eq!(search.accepts(end), expected, "{behind:?} {text:?}");
                        }
                    }
                }
            }
        }
    }
}
