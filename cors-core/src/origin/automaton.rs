//! The matcher that a policy carries: a finite automaton, written out as two tables.

use std::borrow::Cow;

/// The longest origin that any table looks at, in bytes.
///
/// `safari-web-extension` is the longest scheme that a browser sends, 253 bytes the longest name
/// that DNS can resolve, to which a dot may be added. What is longer is refused unread, so that a
/// hostile header costs nothing.
pub(crate) const MAX_ORIGIN: usize =
    "safari-web-extension".len() + "://".len() + 254 + ":65535".len();

/// The longest text of a declaration, in bytes: many times what a host of 253 bytes, the longest
/// name in use or a pattern that can be proved takes.
pub(crate) const LONGEST_TEXT: usize = 4096;

/// The most bytes that the tables of one pattern may take.
#[cfg(feature = "patterns")]
pub(crate) const MAX_TABLE: usize = 16 * 1024;

/// The most bytes that the table of all patterns of a policy may take together: few enough to be near,
/// as each byte of a request's origin reads another place of it.
#[cfg(feature = "patterns")]
pub(crate) const MAX_UNION: usize = 256 * 1024;

/// The state that no byte leads out of.
const DEAD: usize = 0;

/// The state before the first byte.
const START: usize = 1;

/// A set of origins as a deterministic automaton over ASCII.
///
/// State 0 is dead, state 1 is the start, and the accepting states are the last ones. Each byte
/// belongs to a class, and a row of `rows` holds, for one state, the state that each class leads to.
/// No table, however malformed, makes [`Automaton::matches`] panic or read beyond it.
///
/// ```
/// use cors_core::__private::{Automaton, Cow, Rows};
///
/// // Accepts `a`, `aa`, `aaa`, and so on: class 1 is `a`, class 0 every other byte.
/// static CLASSES: [u8; 128] = {
///     let mut classes = [0; 128];
///     classes[b'a' as usize] = 1;
///     classes
/// };
/// static TABLE: Automaton = Automaton {
///     classes: Cow::Borrowed(&CLASSES),
///     rows: Rows::Narrow(Cow::Borrowed(&[0, 0, 0, 2, 0, 2])),
///     stride: 2,
///     first_accepting: 2,
/// };
///
/// assert!(TABLE.matches(b"aaa"));
/// assert!(!TABLE.matches(b"ab"));
/// assert!(!TABLE.matches(b""));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Automaton {
    /// The class of each ASCII byte.
    pub classes: Cow<'static, [u8]>,
    /// The transitions, `stride` of them for each state.
    pub rows: Rows,
    /// How many classes there are.
    pub stride: usize,
    /// The first of the states in which an origin may end.
    pub first_accepting: usize,
}

/// The rows of a [`Automaton`], in the smallest type that holds its states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rows {
    /// A byte for each, for at most 256 states.
    Narrow(Cow<'static, [u8]>),
    /// Two bytes for each, the lower one first, for more: so they are one token of a program too.
    Wide(Cow<'static, [u8]>),
}

impl Rows {
    fn narrow(rows: &[u8], index: usize) -> usize {
        rows.get(index).map_or(DEAD, |&next| next.into())
    }

    fn wide(rows: &[u8], index: usize) -> usize {
        let rows = rows.as_chunks().0;
        rows.get(index).map_or(DEAD, |&next| u16::from_le_bytes(next).into())
    }

    /// The state at a place; the dead one where there is no such place.
    #[must_use]
    pub fn get(&self, index: usize) -> usize {
        match self {
            Self::Narrow(rows) => Self::narrow(rows, index),
            Self::Wide(rows) => Self::wide(rows, index),
        }
    }

    /// How many places there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Narrow(rows) => rows.len(),
            Self::Wide(rows) => rows.len() / 2,
        }
    }

    /// Whether there is no place.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Automaton {
    /// A table made at run time, from rows of `stride` states each.
    #[must_use]
    pub fn owned(classes: Vec<u8>, rows: Vec<u16>, stride: usize, first_accepting: usize) -> Self {
        let mut narrow = Vec::with_capacity(rows.len());
        narrow.extend(rows.iter().map_while(|row| u8::try_from(*row).ok()));
        Self {
            classes: Cow::Owned(classes),
            rows: if narrow.len() == rows.len() {
                Rows::Narrow(Cow::Owned(narrow))
            } else {
                Rows::Wide(rows.into_iter().flat_map(u16::to_le_bytes).collect())
            },
            stride,
            first_accepting,
        }
    }

    /// Whether the table accepts this origin. One pass, no allocation.
    #[must_use]
    pub fn matches(&self, origin: &[u8]) -> bool {
        if origin.len() > MAX_ORIGIN {
            return false;
        }
        match &self.rows {
            Rows::Narrow(rows) => self.run(origin, |index| Rows::narrow(rows, index)),
            Rows::Wide(rows) => self.run(origin, |index| Rows::wide(rows, index)),
        }
    }

    fn run(&self, origin: &[u8], row: impl Fn(usize) -> usize) -> bool {
        let mut state = START;
        for &byte in origin {
            // A byte beyond ASCII has no class, and a malformed table may lack anything.
            let Some(&class) = self.classes.get(usize::from(byte)) else {
                return false;
            };
            state = row(state.wrapping_mul(self.stride).wrapping_add(usize::from(class)));
            if state == DEAD {
                return false;
            }
        }
        state >= self.first_accepting
    }

    /// One of the shortest origins that the table accepts.
    ///
    /// # Examples
    ///
    /// ```
    /// use cors_core::__private::Automaton;
    ///
    /// let nothing = Automaton::owned(vec![0; 128], vec![0, 0], 1, 2);
    /// assert_eq!(nothing.shortest(), None);
    /// ```
    #[must_use]
    pub fn shortest(&self) -> Option<String> {
        let mut seen = vec![START];
        let mut ways = std::collections::VecDeque::from([(START, String::new())]);
        while let Some((state, way)) = ways.pop_front() {
            if state >= self.first_accepting {
                return Some(way);
            }
            for byte in b'!'..=b'~' {
                let next = self.step(state, byte);
                if next != DEAD && !seen.contains(&next) {
                    seen.push(next);
                    ways.push_back((next, format!("{way}{}", char::from(byte))));
                }
            }
        }
        None
    }

    fn step(&self, state: usize, byte: u8) -> usize {
        let class = self.classes.get(usize::from(byte)).copied().unwrap_or_default();
        self.rows.get(state.wrapping_mul(self.stride).wrapping_add(usize::from(class)))
    }

    /// The state before the first byte.
    #[cfg(feature = "patterns")]
    pub(crate) const START: usize = START;

    /// The state after a byte; `None` if no origin is accepted any more.
    #[cfg(feature = "patterns")]
    pub(crate) fn next(&self, state: usize, byte: u8) -> Option<usize> {
        Some(self.step(state, byte)).filter(|next| *next != DEAD)
    }

    /// Whether an origin that ends in a state is accepted.
    #[cfg(feature = "patterns")]
    pub(crate) fn is_accepting(&self, state: usize) -> bool {
        state >= self.first_accepting
    }

    /// The class of a byte.
    #[cfg(feature = "patterns")]
    pub(crate) fn class(&self, byte: u8) -> u8 {
        self.classes.get(usize::from(byte)).copied().unwrap_or_default()
    }

    /// How many bytes the tables take.
    #[must_use]
    pub fn size(&self) -> usize {
        self.classes.len()
            + match &self.rows {
                Rows::Narrow(rows) | Rows::Wide(rows) => rows.len(),
            }
    }
}

#[cfg(test)]
mod tests {
    use super::{Automaton, MAX_ORIGIN, Rows};

    fn letters(states: u16) -> Automaton {
        // A chain: the state after n letters `a` is n + 1, the last one accepts.
        let mut classes = vec![0; 128];
        classes[usize::from(b'a')] = 1;
        let mut rows = vec![0, 0];
        for state in 1..states {
            rows.extend([0, (state + 1) % states]);
        }
        Automaton::owned(classes, rows, 2, usize::from(states) - 1)
    }

    #[test]
    fn narrow_up_to_256_states_then_wide() {
        for (states, narrow) in [(3, true), (256, true), (257, false), (270, false)] {
            let table = letters(states);
            assert_eq!(matches!(table.rows, Rows::Narrow(_)), narrow);
            let length = usize::from(states) - 2;
            assert!(table.matches(&b"a".repeat(length)), "{states}");
            assert!(!table.matches(&b"a".repeat(length - 1)), "{states}");
            assert!(!table.matches(&b"a".repeat(length + 1)), "{states}");
            assert_eq!(table.stride, 2);
            assert_eq!(table.first_accepting, length + 1);
            assert_eq!(table.classes.len(), 128);
        }
        assert_eq!(letters(3).size(), 128 + 6);
        assert_eq!(letters(300).size(), 128 + 1200);
        for states in [3, 300] {
            let rows = letters(states).rows;
            assert_eq!(rows.len(), 2 * usize::from(states));
            assert!(!rows.is_empty());
        }
        assert!(Rows::Narrow(vec![].into()).is_empty());
    }

    #[test]
    fn shortest_is_found_and_the_search_ends() {
        assert_eq!(letters(5).shortest().as_deref(), Some("aaa"));
        // One state that leads to itself and accepts nothing.
        assert_eq!(Automaton::owned(vec![0; 128], vec![0, 1], 1, 2).shortest(), None);
    }

    #[test]
    fn malformed_tables_do_no_harm() {
        let origin = b"https://example.com";
        for stride in [0, 1, 7, usize::MAX] {
            for (classes, rows, first_accepting) in [
                (vec![], Rows::Narrow(vec![].into()), 1),
                (vec![9; 128], Rows::Narrow(vec![1; 4].into()), 1),
                (vec![255; 40], Rows::Wide(vec![u8::MAX; 9].into()), 0),
                (vec![1; 128], Rows::Wide(vec![u8::MAX; 128].into()), usize::MAX),
            ] {
                let table = Automaton { classes: classes.into(), rows, stride, first_accepting };
                // What they say of ASCII is of no interest, only that they say it.
                let _ = table.matches(origin);
                assert!(!table.matches(&[0xff; 8]));
            }
        }
    }

    #[test]
    fn long_and_foreign_input_is_refused() {
        let mut rows = vec![0; 2];
        rows.extend([0, 1]);
        let mut classes = vec![0; 128];
        classes[usize::from(b'a')] = 1;
        let table = Automaton::owned(classes, rows, 2, 1);
        assert!(table.matches(&b"a".repeat(MAX_ORIGIN)));
        assert!(!table.matches(&b"a".repeat(MAX_ORIGIN + 1)));
        assert!(!table.matches(b"\xff"));
        assert!(!table.matches("aé".as_bytes()));
    }
}
