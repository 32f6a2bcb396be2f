//! An origin to show: one that a pattern allows and that another owner may have.
//!
//! Nothing is decided here. What is not found is not shown, and the verdict stays.

use std::cell::Cell;

use super::{
    dfa::{Dfa, readable},
    origins::ACCEPTS,
    sites::{Backwards, LOCALHOST, Place, Set},
};
use crate::origin::suffix::{Node, registrable_domain};

/// How many sets of states a search for one label looks at.
const MAX_SETS: usize = 300;

/// How many sets of states are looked at in all. A witness is not worth more.
const MAX_STEPS: usize = 2000;

/// How many labels are put in front of an open place.
const MAX_DEPTH: usize = 3;

/// Labels that tell a reader at once whose host this is.
const WORDS: [&str; 3] = ["evil", "attacker", "mallory"];

/// The suffixes that a reader knows best.
const SUFFIXES: [&str; 6] = ["com", "net", "org", "io", "dev", "app"];

/// Looks for origins among those of an automaton that accepts nothing but named hosts.
pub(super) struct Witnesses<'a> {
    dfa: &'a Dfa,
    backwards: &'a Backwards<'a>,
    steps: Cell<usize>,
}

/// What a host has to be to be shown.
struct Wanted<'a> {
    /// Sites whose hosts are of no interest.
    except: &'a [String],
    /// Whether it has to be a name that anyone could register today.
    registrable: bool,
}

impl Wanted<'_> {
    fn is(&self, host: &str) -> bool {
        // No list knows `localhost`, so what is below it would count as registered.
        let is_local = host.strip_suffix(LOCALHOST).is_some_and(|it| it.ends_with('.'));
        let site = if is_local { Some(LOCALHOST) } else { registrable_domain(host) };
        let excepted =
            |site: &str| site == LOCALHOST || self.except.iter().any(|except| except == site);
        if self.registrable {
            site.is_some_and(|site| !excepted(site) && is_plain(site))
        } else {
            !excepted(site.unwrap_or(host))
        }
    }
}

impl<'a> Witnesses<'a> {
    pub(super) fn new(dfa: &'a Dfa, backwards: &'a Backwards<'a>) -> Self {
        let steps = Cell::new(0);
        Self { dfa, backwards, steps }
    }

    /// An origin in an open place that belongs to none of the sites.
    pub(super) fn open(&self, place: &Place, except: &[String]) -> Option<String> {
        let host = [true, false].into_iter().find_map(|registrable| {
            self.steps.set(0);
            let wanted = Wanted { except, registrable };
            self.extend(&place.read, &place.states, &wanted, MAX_DEPTH)
        });
        self.steps.set(0);
        let any = || {
            let wanted = Wanted { except, registrable: false };
            let host = self.finish(&place.read, &place.states)?;
            wanted.is(&host).then_some(host)
        };
        self.origin(&host.or_else(any)?)
    }

    /// Some origin in a place.
    pub(super) fn at(&self, place: &Place) -> Option<String> {
        self.steps.set(0);
        self.origin(&self.finish(&place.read, &place.states)?)
    }

    /// Puts labels in front of what has been read, until the host is one to show.
    fn extend(
        &self,
        read: &str,
        states: &Set,
        wanted: &Wanted<'_>,
        depth: usize,
    ) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        let first = read.is_empty();
        let known = SUFFIXES.into_iter().filter(|_| first).map(str::to_owned);
        let listed = || Node::root().children().map(|(label, _)| label.to_owned());
        let listed = first.then(listed).into_iter().flatten();
        let words = self.words(states);
        let any = self.label(states, read, wanted).into_iter();
        for label in known.chain(listed).chain(words).chain(any) {
            let states = self.backwards.read_all(states, &label);
            let name = format!("{label}{read}");
            if self.steps.get() > MAX_STEPS {
                return None;
            }
            if states.is_empty() || !self.backwards.label_starts(&states) {
                continue;
            }
            // As soon as the owner is a stranger, what stands in front does not matter.
            if wanted.is(&name)
                && let Some(host) = self.finish(&name, &states)
                && wanted.is(&host)
            {
                return Some(host);
            }
            let behind_dot = self.backwards.read(&states, b'.');
            let name = format!(".{name}");
            if !behind_dot.is_empty()
                && let Some(host) = self.extend(&name, &behind_dot, wanted, depth)
            {
                return Some(host);
            }
        }
        None
    }

    /// Labels with a telling word in them, the most telling first.
    fn words(&self, end: &Set) -> impl Iterator<Item = String> {
        let exactly = WORDS.into_iter().map(str::to_owned);
        let first = WORDS.into_iter().filter_map(move |word| {
            let word = format!("{word}-");
            let (rest, _) = self.search(end, |states| {
                let states = self.backwards.read_all(states, &word);
                !states.is_empty() && self.backwards.label_starts(&states)
            })?;
            Some(word + &rest)
        });
        let last = WORDS.into_iter().filter_map(move |word| {
            let word = format!("-{word}");
            let states = self.backwards.read_all(end, &word);
            let (rest, _) = self.search(&states, |states| self.backwards.label_starts(states))?;
            Some(rest + &word)
        });
        let within = WORDS.into_iter().filter_map(move |word| {
            let has_word = |states: &Set| !self.backwards.read_all(states, word).is_empty();
            let (right, states) = self.search(end, has_word)?;
            let states = self.backwards.read_all(&states, word);
            if self.backwards.label_starts(&states) {
                return Some(format!("{word}{right}"));
            }
            let (left, _) = self.search(&states, |states| self.backwards.label_starts(states))?;
            Some(format!("{left}{word}{right}"))
        });
        exactly.chain(first).chain(last).chain(within)
    }

    /// The shortest label that may end here, and doesn't make a host of no interest.
    fn label(&self, end: &Set, read: &str, wanted: &Wanted<'_>) -> Option<String> {
        let interesting = |text: &str| {
            let name = format!("{text}{read}");
            name != LOCALHOST && !wanted.except.contains(&name)
        };
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let found = self.leftwards(
            end,
            |states, text| self.backwards.label_starts(states) && interesting(text),
            letter,
        );
        found.map(|(label, _)| label)
    }

    /// The shortest text of letters, digits and hyphens that leads leftwards to the wanted states.
    fn search(&self, from: &Set, wanted: impl Fn(&Set) -> bool) -> Option<(String, Set)> {
        self.leftwards(
            from,
            |states, _| wanted(states),
            |byte| byte.is_ascii_alphanumeric() || byte == b'-',
        )
    }

    fn leftwards(
        &self,
        from: &Set,
        wanted: impl Fn(&Set, &str) -> bool,
        may_read: impl Fn(u8) -> bool,
    ) -> Option<(String, Set)> {
        let mut seen = vec![(from.clone(), String::new())];
        let mut next = 0;
        while let Some((states, text)) = seen.get(next).cloned() {
            next += 1;
            self.steps.set(self.steps.get() + 1);
            if self.steps.get() > MAX_STEPS {
                return None;
            }
            let mut steps: Vec<(u8, Set)> = self
                .backwards
                .steps(&states)
                .into_iter()
                .filter_map(|(class, states)| {
                    let members = self.dfa.classes.members(class).iter().copied();
                    let members: Vec<u8> = members.filter(|&byte| may_read(byte)).collect();
                    Some((readable(&members)?, states))
                })
                .collect();
            // Letters first, and a hyphen last, as a label should neither start nor end with one.
            steps.sort_by_key(|&(byte, _)| (!byte.is_ascii_alphanumeric(), byte));
            for (byte, states) in steps {
                let text = format!("{}{text}", char::from(byte));
                if wanted(&states, &text) {
                    return Some((text, states));
                }
                if seen.len() < MAX_SETS && seen.iter().all(|(known, _)| *known != states) {
                    seen.push((states, text));
                }
            }
        }
        None
    }

    /// Completes a host to the left: as it is, else with plain labels, else with anything.
    fn finish(&self, read: &str, states: &Set) -> Option<String> {
        let first = read.is_empty();
        if !first && !read.starts_with('.') && self.backwards.starts(states) {
            return Some(read.to_owned());
        }
        if !first && !read.starts_with('.') {
            // What has been read is a whole label, so a dot comes next.
            let behind_dot = self.backwards.read(states, b'.');
            return self.finish(&format!(".{read}"), &behind_dot);
        }
        let starts = |states: &Set, _: &str| self.backwards.starts(states);
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
        let found = self.leftwards(states, starts, plain);
        let (rest, _) = found.or_else(|| self.leftwards(states, starts, |_| true))?;
        Some(rest + read)
    }

    /// The origin of a host, with the scheme that the automaton asks for and a port if it must be.
    fn origin(&self, host: &str) -> Option<String> {
        ["https://", "http://"].into_iter().find_map(|scheme| {
            let origin = format!("{scheme}{host}");
            let end = self.dfa.run(self.dfa.start(), &origin);
            // Only a port or a last dot may follow, lest it becomes another host.
            ["", ":", ".", ".:"].into_iter().find_map(|follows| {
                let state = self.dfa.run(end, follows);
                let accepts = |state| self.dfa.output(state) & ACCEPTS != 0;
                let rest = if follows.ends_with(':') {
                    self.dfa.shortest(state, accepts)?
                } else {
                    accepts(state).then(String::new)?
                };
                Some(format!("{origin}{follows}{rest}"))
            })
        })
    }
}

/// Whether DNS could have this name: letters, digits and inner hyphens, and no punycode, because
/// not every label that looks like it is.
pub(super) fn is_plain(host: &str) -> bool {
    host.split('.').all(|label| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (1..=63).contains(&label.len())
            && label.bytes().all(plain)
            && !label.starts_with('-')
            && !label.ends_with('-')
            && !label.starts_with("xn--")
    })
}
