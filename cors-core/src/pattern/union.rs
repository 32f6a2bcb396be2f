//! The union of patterns: one automaton, so that a request is read once, however many there are.

use std::cell::RefCell;
use std::collections::HashMap;

use super::dfa::{Classes, Dfa, Outline};
use super::minimize::table_of;
use super::origins::ACCEPTS;
use crate::origin::automaton::{Automaton, MAX_UNION};
use crate::origin::patterns::{Pattern, Patterns};

/// How many states a union may have, before it is known how many of them are the same.
const MAX_STATES: usize = 10_000;

/// Patterns in the form in which origins are held against them; `None` if that takes too many states.
///
/// What each accepts by itself is not changed by this, and the union accepts nothing else.
pub(crate) fn together(mut list: Vec<Pattern>) -> Option<Patterns> {
    if list.len() > 1 {
        let tables: Vec<&Automaton> = list.iter().map(|pattern| &pattern.table).collect();
        let union = union(&tables)?;
        return Some(Patterns::Several { list: list.into(), union });
    }
    Some(list.pop().map_or(Patterns::None, Patterns::One))
}

/// The states that several automata are in: those which are dead are left out.
type States = Vec<(usize, usize)>;

/// The sets of states that were met, numbered from 0, which is the empty one.
struct Met {
    numbers: HashMap<States, usize>,
    sets: Vec<States>,
}

impl Met {
    fn number(&mut self, states: States) -> usize {
        if let Some(number) = self.numbers.get(&states) {
            return *number;
        }
        let number = self.sets.len();
        self.sets.push(states.clone());
        self.numbers.insert(states, number);
        number
    }
}

fn union(tables: &[&Automaton]) -> Option<Automaton> {
    let mut met = Met { numbers: HashMap::new(), sets: Vec::new() };
    met.number(Vec::new());
    let start = met.number((0..tables.len()).map(|table| (table, Automaton::START)).collect());
    let met = RefCell::new(met);
    let step =
        |number: usize, byte: u8| {
            let mut met = met.borrow_mut();
            let next =
                met.sets.get(number).into_iter().flatten().filter_map(|&(table, state)| {
                    Some((table, tables.get(table)?.next(state, byte)?))
                });
            let next = next.collect();
            met.number(next)
        };
    let output = |number: usize| {
        let met = met.borrow();
        let accepts = |&(table, state): &(usize, usize)| {
            tables.get(table).is_some_and(|table| table.is_accepting(state))
        };
        let accepts = met.sets.get(number).is_some_and(|states| states.iter().any(accepts));
        if accepts { ACCEPTS } else { 0 }
    };
    let classes = Classes::group(|byte| {
        let classes: Vec<u8> = tables.iter().map(|table| table.class(byte)).collect();
        Some(classes)
    });
    let keys = MAX_STATES + 2;
    let dfa = Dfa::explore(&Outline { classes, keys, start, step, output }, MAX_STATES)?;
    table_of(&dfa, MAX_UNION)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::table;

    fn patterns<T: AsRef<str>>(sources: &[T]) -> Vec<Pattern> {
        let pattern = |source: &T| Pattern::new(source.as_ref(), table(source.as_ref()).unwrap());
        sources.iter().map(pattern).collect()
    }

    fn union_of<T: AsRef<str>>(sources: &[T]) -> Option<Automaton> {
        match together(patterns(sources))? {
            Patterns::Several { union, .. } => Some(union),
            Patterns::None | Patterns::One(_) => None,
        }
    }

    #[test]
    fn one_is_its_own_union_and_none_matches_nothing() {
        assert!(matches!(together(Vec::new()), Some(Patterns::None)));
        assert!(!Patterns::None.matches(b"https://example.com"));
        let one = together(patterns(&["^https://a\\.example\\.com$"])).unwrap();
        assert!(matches!(one, Patterns::One(_)));
        assert_eq!(one.as_slice().len(), 1);
        assert!(one.matches(b"https://a.example.com"));
    }

    #[test]
    fn the_union_accepts_what_one_accepts_and_nothing_else() {
        let sources = [
            r"^https://a[0-9]+\.example\.com$",
            r"^https://([a-z]+\.)*b\.example\.com(:\d+)?$",
            r"^(app|tauri)://localhost$",
        ];
        let patterns = together(patterns(&sources)).unwrap();
        assert_eq!(patterns.as_slice().len(), 3);
        for origin in [
            "https://a1.example.com",
            "https://b.example.com",
            "https://x.b.example.com:8443",
            "app://localhost",
            "tauri://localhost",
        ] {
            assert!(patterns.matches(origin.as_bytes()), "{origin}");
        }
        for origin in [
            "",
            "https://a1.b.example.co",
            "https://a.example.com",
            "https://a1.example.com:8443",
            "https://b.example.com:443",
            "app://b.example.com",
            "https://localhost",
            "https://a1.example.comapp://localhost",
        ] {
            assert!(!patterns.matches(origin.as_bytes()), "{origin}");
        }
    }

    #[test]
    fn the_order_of_patterns_does_not_matter() {
        let sources = [r"^https://a+\.example\.com$", r"^https://[ab]+\.example\.com(:\d+)?$"];
        let reversed = [sources[1], sources[0]];
        assert_eq!(union_of(&sources).unwrap().size(), union_of(&reversed).unwrap().size());
        // The first is a part of the second.
        assert_eq!(union_of(&sources).unwrap().size(), table(sources[1]).unwrap().size());
    }

    /// What people write fits several times over, and is smaller than its parts.
    #[test]
    fn usual_patterns_fit() {
        let label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
        let labels = format!(r"^https://(?:{label}\.)*tN-{label}\.example\.com$");
        let templates = [
            r"^https://pr-[0-9]+\.app-N\.example\.com$",
            r"^https://([a-z0-9-]+\.)*app-N\.example\.com(:\d+)?$",
            r"^https?://(.+\.)?exampleN\.(com|net|org)(:[0-9]{1,5})?$",
            r"^https://deploy-preview-[0-9]{1,6}--shop-N\.netlify\.app$",
            r"^moz-extension://N[0-9a-f]{7}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
            &labels,
        ];
        let sources: Vec<String> = (0..24)
            .map(|number| templates[number % 6].replace('N', &format!("{number:02}")))
            .collect();
        let parts: usize = patterns(&sources).iter().map(|it| it.table.size()).sum();
        let whole = union_of(&sources).unwrap().size();
        assert!(whole < parts && whole < MAX_UNION / 2, "{whole} bytes, {parts} apart");
    }

    /// A state has to know of each of the last letters which it was.
    #[test]
    fn what_grows_with_every_pattern_is_refused() {
        let sources: Vec<String> = ('a'..='f')
            .map(|letter| {
                format!(
                    r"^https://([a-z0-9-]+\.)*[a-z]*{letter}[a-z]{{5}}\.{letter}\.example\.com$"
                )
            })
            .collect();
        assert!(union_of(&sources[..2]).is_some());
        assert!(union_of(&sources).is_none());
        assert!(together(patterns(&sources)).is_none());
    }
}
