//! The search for an origin that one machine accepts, by what another makes of it.

use std::collections::{HashSet, VecDeque};

use super::machine::{Machine, State};
use crate::origin::wildcard::LONGEST_LABEL;

/// How many states of both machines are looked at before the search gives up.
const MOST_STATES: usize = 100_000;

/// What the search found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// There is no such origin.
    Nothing,
    /// One of the shortest.
    Origin(String),
    TooComplex,
}

/// Looks for an origin that is `wanted`, by whether each of two machines accepts it. What the first
/// one does not accept is never wanted.
pub(super) fn search(
    own: &Machine<'_>,
    others: &Machine<'_>,
    wanted: impl Fn(bool, bool) -> bool,
) -> Found {
    let bytes = representatives(own, others);
    let start = (own.start(), others.start(), Limit::START);
    let mut seen = HashSet::from([start.clone()]);
    // Each with the number of the one before it, and the byte in between.
    let mut came: Vec<(usize, u8)> = vec![(0, 0)];
    let mut queue = VecDeque::from([(0, start)]);
    while let Some((number, (own_states, other_states, limit))) = queue.pop_front() {
        if wanted(own.accepts(&own_states), others.accepts(&other_states)) {
            return Found::Origin(way(&came, number));
        }
        for &byte in &bytes {
            let Some(limit) = limit.step(byte) else { continue };
            let own_next = own.step(&own_states, byte);
            if own_next.is_empty() {
                continue;
            }
            let next: (Vec<State>, Vec<State>, Limit) =
                (own_next, others.step(&other_states, byte), limit);
            if seen.contains(&next) {
                continue;
            }
            if seen.len() >= MOST_STATES {
                return Found::TooComplex;
            }
            seen.insert(next.clone());
            came.push((number, byte));
            queue.push_back((came.len() - 1, next));
        }
    }
    Found::Nothing
}

fn way(came: &[(usize, u8)], mut number: usize) -> String {
    let mut bytes = Vec::new();
    while let Some(&(before, byte)) = came.get(number).filter(|_| number != 0) {
        bytes.push(byte);
        number = before;
    }
    bytes.iter().rev().map(|byte| char::from(*byte)).collect()
}

/// One byte of each class that the machines do not distinguish: a letter where there is one.
fn representatives(own: &Machine<'_>, others: &Machine<'_>) -> Vec<u8> {
    let rest = (b'!'..=b'~').filter(|byte| !byte.is_ascii_lowercase() && !byte.is_ascii_digit());
    let mut seen = HashSet::new();
    (b'a'..=b'z')
        .chain(b'0'..=b'9')
        .chain(rest)
        .filter(|&byte| {
            let signs: Vec<u8> = own.signs(byte).chain(others.signs(byte)).collect();
            seen.insert((Limit::sign(byte), signs))
        })
        .collect()
}

/// How much of an origin was read, as far as the DNS limits it: a label of a web host has at most 63
/// bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Limit {
    /// So many bytes of `https://`, or of `http://`.
    Scheme(u8),
    /// So many bytes of a label.
    Label(u8),
    /// An origin of another kind, which the DNS does not limit.
    None,
}

impl Limit {
    const START: Self = Self::Scheme(0);

    fn step(self, byte: u8) -> Option<Self> {
        Some(match (self, byte) {
            (Self::Scheme(0), b'h') => Self::Scheme(1),
            (Self::Scheme(at @ (1 | 2)), b't') => Self::Scheme(at + 1),
            (Self::Scheme(3), b'p') => Self::Scheme(4),
            (Self::Scheme(4), b's') => Self::Scheme(5),
            (Self::Scheme(4 | 5), b':') => Self::Scheme(6),
            (Self::Scheme(6), b'/') => Self::Scheme(7),
            (Self::Scheme(7), b'/') | (Self::Label(_), b'.' | b':') => Self::Label(0),
            (Self::Scheme(_) | Self::None, _) => Self::None,
            (Self::Label(LONGEST_LABEL), _) => return None,
            (Self::Label(length), _) => Self::Label(length + 1),
        })
    }

    /// What distinguishes a byte from others.
    const fn sign(byte: u8) -> u8 {
        match byte {
            b'h' | b't' | b'p' | b's' | b':' | b'/' | b'.' => byte,
            _ => 0,
        }
    }
}
