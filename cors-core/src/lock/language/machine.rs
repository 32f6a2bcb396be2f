//! Origins as a nondeterministic automaton: the states of all parts side by side.

use std::collections::BTreeMap;

use crate::origin::automaton::Automaton;
use crate::origin::set::OriginSet;
use crate::origin::wildcard::{Port, Wildcard, default_port, is_label_byte};

/// What an element of a policy is matched by.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part<'a> {
    Wildcard(&'a Wildcard),
    Table(&'a Automaton),
}

/// A state: that of one part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct State {
    part: u32,
    at: u32,
}

/// The language of several parts.
pub(super) struct Machine<'a> {
    parts: Vec<Shape<'a>>,
}

enum Shape<'a> {
    Trie(Trie),
    Wildcard(Pieces),
    Table(&'a Automaton),
}

impl<'a> Machine<'a> {
    pub(super) const fn nothing() -> Self {
        Self { parts: Vec::new() }
    }

    pub(super) fn of_part(part: Part<'a>) -> Self {
        Self { parts: vec![Shape::of(part)] }
    }

    /// The origins of a set, as far as they can be among those of a part.
    pub(super) fn near(part: Part<'_>, set: &'a OriginSet) -> Self {
        let matches = |origin: &str| match part {
            Part::Wildcard(wildcard) => wildcard.matches(origin.as_bytes()),
            Part::Table(table) => table.matches(origin.as_bytes()),
        };
        let exact = set.exact.origins.iter().filter(|it| matches(it));
        let trie = Trie::of(exact);
        let wildcards = set.wildcards.list.iter().filter(|it| match part {
            Part::Wildcard(wildcard) => may_meet(wildcard, it),
            Part::Table(_) => true,
        });
        let wildcards = wildcards.map(|it| Shape::of(Part::Wildcard(it)));
        let tables = set.patterns.as_slice().iter().map(|it| Shape::of(Part::Table(&it.table)));
        Self { parts: std::iter::once(Shape::Trie(trie)).chain(wildcards).chain(tables).collect() }
    }

    pub(super) fn start(&self) -> Vec<State> {
        let starts = self.parts.iter().zip(0..).filter_map(|(shape, part)| {
            let at = match shape {
                Shape::Trie(trie) if trie.nodes.is_empty() => return None,
                Shape::Trie(_) | Shape::Wildcard(_) => 0,
                Shape::Table(_) => Automaton::START,
            };
            Some(State { part, at: u32::try_from(at).ok()? })
        });
        starts.collect()
    }

    /// The states after a byte, sorted.
    pub(super) fn step(&self, states: &[State], byte: u8) -> Vec<State> {
        let mut next = Vec::new();
        for &State { part, at } in states {
            let Some(shape) = self.parts.get(part as usize) else { continue };
            let mut push = |at: u32| next.push(State { part, at });
            match shape {
                Shape::Trie(trie) => {
                    if let Some(at) = trie.step(at, byte) {
                        push(at);
                    }
                }
                Shape::Wildcard(pieces) => pieces.step(at, byte, push),
                Shape::Table(table) => {
                    if let Some(at) = table.next(at as usize, byte)
                        && let Ok(at) = u32::try_from(at)
                    {
                        push(at);
                    }
                }
            }
        }
        next.sort_unstable();
        next.dedup();
        next
    }

    pub(super) fn accepts(&self, states: &[State]) -> bool {
        states.iter().any(|&State { part, at }| match self.parts.get(part as usize) {
            Some(Shape::Trie(trie)) => trie.accepts(at),
            Some(Shape::Wildcard(pieces)) => pieces.accepts(at),
            Some(Shape::Table(table)) => table.is_accepting(at as usize),
            None => false,
        })
    }

    /// What distinguishes a byte from others in the parts: bytes with equal signs lead to the same states.
    pub(super) fn signs(&self, byte: u8) -> impl Iterator<Item = u8> {
        self.parts.iter().map(move |shape| match shape {
            Shape::Trie(trie) => {
                if trie.bytes.contains(&byte) {
                    byte
                } else {
                    0
                }
            }
            Shape::Wildcard(pieces) => pieces.sign(byte),
            Shape::Table(table) => table.class(byte),
        })
    }
}

/// Whether two wildcards may have an origin in common.
fn may_meet(one: &Wildcard, other: &Wildcard) -> bool {
    one.scheme == other.scheme
        && (one.host.ends_with(&*other.host) || other.host.ends_with(&*one.host))
}

impl<'a> Shape<'a> {
    fn of(part: Part<'a>) -> Self {
        match part {
            Part::Wildcard(wildcard) => Self::Wildcard(Pieces::of(wildcard)),
            Part::Table(table) => Self::Table(table),
        }
    }
}

/// Exact origins, byte by byte.
#[derive(Default)]
struct Trie {
    nodes: Vec<BTreeMap<u8, u32>>,
    ends: Vec<bool>,
    bytes: Vec<u8>,
}

impl Trie {
    fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut trie = Self::default();
        for text in texts {
            if trie.nodes.is_empty() {
                trie.add();
            }
            let mut at = 0;
            for byte in text.bytes() {
                if !trie.bytes.contains(&byte) {
                    trie.bytes.push(byte);
                }
                at = match trie.step(at, byte) {
                    Some(next) => next,
                    None => trie.grow(at, byte),
                };
            }
            if let Some(end) = trie.ends.get_mut(at as usize) {
                *end = true;
            }
        }
        trie
    }

    fn add(&mut self) -> u32 {
        let number = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.nodes.push(BTreeMap::new());
        self.ends.push(false);
        number
    }

    fn grow(&mut self, at: u32, byte: u8) -> u32 {
        let new = self.add();
        if let Some(node) = self.nodes.get_mut(at as usize) {
            node.insert(byte, new);
        }
        new
    }

    fn step(&self, at: u32, byte: u8) -> Option<u32> {
        self.nodes.get(at as usize)?.get(&byte).copied()
    }

    fn accepts(&self, at: u32) -> bool {
        self.ends.get(at as usize) == Some(&true)
    }
}

/// A wildcard: a prefix, labels where it has subdomains, the host, and the port.
///
/// Its states are the bytes of the prefix, two for the labels, the bytes of the host (with a port of
/// its own), and those of [`PortState`].
struct Pieces {
    prefix: Vec<u8>,
    subdomains: bool,
    host: Vec<u8>,
    any_port: bool,
    default_port: Vec<u8>,
}

impl Pieces {
    fn of(wildcard: &Wildcard) -> Self {
        let port = match wildcard.port {
            Port::Number(number) => format!(":{number}"),
            Port::Default | Port::Any => String::new(),
        };
        let default_port = default_port(&wildcard.scheme).map(|it| it.to_string());
        Self {
            prefix: format!("{}://", wildcard.scheme).into_bytes(),
            subdomains: wildcard.subdomains,
            host: format!("{}{port}", wildcard.host).into_bytes(),
            any_port: wildcard.port == Port::Any,
            default_port: default_port.unwrap_or_default().into_bytes(),
        }
    }

    /// The state at the start of a label; the next one is inside of it.
    fn labels(&self) -> usize {
        self.prefix.len()
    }

    /// The state before the first byte of the host.
    fn host_start(&self) -> usize {
        self.labels() + 2
    }

    fn host_end(&self) -> usize {
        self.host_start() + self.host.len()
    }

    fn step(&self, at: u32, byte: u8, mut push: impl FnMut(u32)) {
        let mut push = |at: usize| {
            if let Ok(at) = u32::try_from(at) {
                push(at);
            }
        };
        let at = at as usize;
        let (labels, host_start, host_end) = (self.labels(), self.host_start(), self.host_end());
        if at < labels {
            if self.prefix.get(at) == Some(&byte) {
                match (at + 1 == labels, self.subdomains) {
                    (true, false) => push(host_start),
                    _ => push(at + 1),
                }
            }
        } else if at < host_start {
            if is_label_byte(byte) {
                push(labels + 1);
            } else if byte == b'.' && at == labels + 1 {
                push(labels);
                push(host_start);
            }
        } else if at < host_end {
            if self.host.get(at - host_start) == Some(&byte) {
                push(at + 1);
            }
        } else if at == host_end {
            if self.any_port && byte == b':' {
                push(host_end + 1 + PortState::START.number());
            }
        } else {
            let state = PortState::of(at - host_end - 1);
            if let Some(next) = state.step(byte, &self.default_port) {
                push(host_end + 1 + next.number());
            }
        }
    }

    fn accepts(&self, at: u32) -> bool {
        let (at, end) = (at as usize, self.host_end());
        at == end || at > end && PortState::of(at - end - 1).accepts(&self.default_port)
    }

    fn sign(&self, byte: u8) -> u8 {
        let is_named = self.prefix.contains(&byte) || self.host.contains(&byte);
        match byte {
            b'.' | b':' | b'0'..=b'9' => byte,
            _ if is_named => byte,
            _ if is_label_byte(byte) => 1,
            _ => 0,
        }
    }
}

/// How much of a port was read: 1 to 65535 without leading zeros, and not the default one.
#[derive(Clone, Copy)]
struct PortState {
    digits: usize,
    /// Compared with the digits of 65535: less, equal, greater.
    order: usize,
    /// Whether the digits are the first ones of the default port.
    is_default: bool,
}

const LARGEST_PORT: &[u8] = b"65535";

impl PortState {
    const START: Self = Self { digits: 0, order: 1, is_default: true };

    const fn number(self) -> usize {
        (self.digits * 3 + self.order) * 2 + self.is_default as usize
    }

    const fn of(number: usize) -> Self {
        Self { digits: number / 6, order: number / 2 % 3, is_default: number % 2 == 1 }
    }

    fn step(self, byte: u8, default_port: &[u8]) -> Option<Self> {
        let largest = *LARGEST_PORT.get(self.digits)?;
        if !byte.is_ascii_digit() || (self.digits == 0 && byte == b'0') {
            return None;
        }
        Some(Self {
            digits: self.digits + 1,
            order: match byte.cmp(&largest) {
                std::cmp::Ordering::Less if self.order == 1 => 0,
                std::cmp::Ordering::Greater if self.order == 1 => 2,
                _ => self.order,
            },
            is_default: self.is_default && default_port.get(self.digits) == Some(&byte),
        })
    }

    fn accepts(self, default_port: &[u8]) -> bool {
        let is_too_large = self.digits == LARGEST_PORT.len() && self.order == 2;
        let is_default = self.is_default && self.digits == default_port.len();
        self.digits > 0 && !is_too_large && !is_default
    }
}
