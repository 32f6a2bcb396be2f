//! IPv6 addresses as the URL standard writes them: without leading zeros, and with the first of the
//! longest runs of two or more zeros left out.
//!
//! <https://url.spec.whatwg.org/#concept-ipv6-serializer>

use crate::pattern::dfa::{Classes, Dfa, Outline};

/// How far a text has been read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// No bracket yet.
    Before,
    Inside(Address),
    /// Behind the closing bracket of a sound address.
    Behind,
    /// Something in brackets is no address, or written otherwise.
    Unsound,
}

/// The part of an address that has been read.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Address {
    /// How many pieces are complete.
    pieces: usize,
    /// How many zeros the `::` stands for at least, as it stands for the first of the longest runs.
    needed: usize,
    /// How many zeros the last complete pieces are.
    run: usize,
    /// Whether there was a `::`.
    compressed: bool,
    last: Last,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Start,
    ColonAtStart,
    Colon,
    Colons,
    Zero,
    /// So many digits, the first of them not zero.
    Digits(u8),
}

const START: Address =
    Address { pieces: 0, needed: 2, run: 0, compressed: false, last: Last::Start };

impl Address {
    fn read(self, byte: u8) -> Option<Self> {
        match (self.last, byte) {
            (Last::Start, b':') => Some(Self { last: Last::ColonAtStart, ..self }),
            (Last::ColonAtStart, b':') => {
                Some(Self { last: Last::Colons, compressed: true, ..self })
            }
            // A zero beside `::` would be part of it.
            (Last::Colon, b':') if !self.compressed && self.run == 0 => {
                Some(Self { last: Last::Colons, compressed: true, ..self })
            }
            (Last::Start | Last::Colon, b'0') => Some(Self { last: Last::Zero, ..self }),
            (Last::Start | Last::Colon | Last::Colons, b'1'..=b'9' | b'a'..=b'f') => {
                Some(Self { last: Last::Digits(1), ..self })
            }
            (Last::Digits(count @ 1..=3), b'0'..=b'9' | b'a'..=b'f') => {
                Some(Self { last: Last::Digits(count + 1), ..self })
            }
            (Last::Zero | Last::Digits(_), b':') => {
                let complete = self.complete();
                (complete.pieces < 8).then_some(Self { last: Last::Colon, ..complete })
            }
            _ => None,
        }
    }

    /// With the last piece counted.
    fn complete(self) -> Self {
        let run = if self.last == Last::Zero { self.run + 1 } else { 0 };
        // The `::` may be as long as a run behind it, and must be longer than one in front.
        let rival = if self.compressed { run } else { run + 1 };
        let needed = self.needed.max(if run == 0 { 0 } else { rival });
        Self { pieces: self.pieces + 1, needed, run, ..self }
    }

    fn is_sound(self) -> bool {
        let whole = match self.last {
            Last::Zero | Last::Digits(_) => self.complete(),
            Last::Colons => self,
            _ => return false,
        };
        if whole.compressed {
            whole.pieces + whole.needed <= 8
        } else {
            whole.pieces == 8 && whole.needed == 2
        }
    }
}

impl State {
    fn read(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Before, b'[') => Self::Inside(START),
            (Self::Before | Self::Behind, b']') | (Self::Behind, b'[') => Self::Unsound,
            (Self::Inside(address), b']') if address.is_sound() => Self::Behind,
            (Self::Inside(address), _) => address.read(byte).map_or(Self::Unsound, Self::Inside),
            (other, _) => other,
        }
    }
}

/// All texts, with an output that tells whether what they have in brackets is sound.
pub(super) fn automaton(output: impl Fn(bool) -> u16) -> Dfa {
    // Number 0 is dead, which no text is here.
    let mut states = vec![State::Before];
    let mut rows: Vec<Vec<usize>> = Vec::new();
    while let Some(&state) = states.get(rows.len()) {
        let row = (0..128).map(|byte| {
            let next = state.read(byte);
            let found = states.iter().position(|known| *known == next);
            found.unwrap_or_else(|| {
                states.push(next);
                states.len() - 1
            })
        });
        let row = row.collect();
        rows.push(row);
    }
    let outline = Outline {
        classes: Classes::group(|byte| {
            Some(match byte {
                b'[' | b']' | b':' | b'0' => byte,
                b'1'..=b'9' | b'a'..=b'f' => b'f',
                _ => b' ',
            })
        }),
        keys: states.len() + 1,
        start: 1,
        step: |key: usize, byte: u8| rows[key - 1][usize::from(byte)] + 1,
        output: |key: usize| output(matches!(states[key - 1], State::Before | State::Behind)),
    };
    Dfa::explore(&outline, 60_000).unwrap()
}

#[test]
fn agrees_with_the_url_crate() {
    let mut state = 1_u64;
    let mut roll = |sides: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(state >> 33).unwrap() % sides
    };
    let pieces = ["0", "0", "0", "1", "f00d", "10", "01", ":", "", "A"];
    let automaton = automaton(u16::from);
    let (mut sound, mut unsound) = (0, 0);
    for _ in 0..100_000 {
        let count = 1 + roll(9);
        let some: Vec<&str> = (0..count).map(|_| pieces[roll(pieces.len())]).collect();
        let origin = format!("http://[{}]", some.join(":"));
        let is_sent =
            url::Url::parse(&origin).is_ok_and(|url| url.origin().ascii_serialization() == origin);
        let end = automaton.run(automaton.start(), &origin);
        assert_eq!(automaton.output(end) == 1, is_sent, "{origin}");
        if is_sent { sound += 1 } else { unsound += 1 }
    }
    assert!(sound > 500 && unsound > 500, "{sound} {unsound}");
}
