//! Exact origins: one look-up, for any number of origins and any choice of them.

use std::borrow::Cow;

use super::keys::{self, Keys};
use crate::header::texts::Texts;

/// A set of serialised origins, as an open-addressing hash table.
///
/// The layout is plain data, so that the macro writes it into a program as a literal and the builder
/// into the heap; both are read by the same code.
///
/// The origin that is looked up is chosen by the client, and the origins that are stored may be chosen
/// by a tenant. The hash of a set that is built while the program runs therefore has random keys. They
/// are drawn again, a few times at most, if an origin stands more than 64 slots from its place. The
/// sets of the macro are chosen by the developer, and have keys that are the same in every build.
#[derive(Debug, Clone)]
pub struct ExactSet {
    /// For each slot, one more than the index of an origin; 0 where it is empty. The
    /// length is a power of two, at least twice the number of origins, so that number takes
    /// fewer bits than a slot has: the others hold a tag from the hash, and an origin that
    /// stands in the way of another is passed without being read.
    pub slots: Cow<'static, [u32]>,
    /// The origins, in the order of the declaration.
    pub origins: Texts,
    /// The length of the longest origin in bytes: what is longer is not even hashed.
    pub longest: usize,
    /// What the hash is made with.
    pub keys: Keys,
}

impl ExactSet {
    /// No origin.
    pub const NONE: Self =
        Self { slots: Cow::Borrowed(&[]), origins: Texts::NONE, longest: 0, keys: Keys::FIXED };

    pub(crate) fn new(origins: Vec<String>) -> Self {
        let longest = origins.iter().map(String::len).max().unwrap_or(0);
        let (keys, slots) =
            keys::lay_out(origins.len(), keys::for_text(longest), |keys, number| {
                origins.get(number).map_or(0, |origin| keys.text(origin.as_bytes()))
            });
        Self { slots: slots.into(), origins: origins.into(), longest, keys }
    }

    /// Whether `origin` is one of them.
    #[inline]
    pub(crate) fn contains(&self, origin: &[u8]) -> bool {
        if origin.len() > self.longest {
            return false;
        }
        let is_it = |number: usize| (self.origins.get(number)?.as_bytes() == origin).then_some(());
        keys::find(&self.slots, self.keys.text(origin), is_it).is_some()
    }

    /// The slots as the macro writes them down: the same in every build.
    #[must_use]
    pub fn fixed_slots(&self) -> Vec<u32> {
        let hashes = self.origins.iter().map(|it| Keys::FIXED.text(it.as_bytes()));
        keys::place(keys::size(self.origins.len()), hashes).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(origins: impl IntoIterator<Item = String>) -> ExactSet {
        ExactSet::new(origins.into_iter().collect())
    }

    fn tenants(count: usize) -> impl Iterator<Item = String> {
        (0..count).map(|n| format!("https://tenant-{n}.example.com"))
    }

    /// The same set as the macro would write it down.
    fn fixed(set: &ExactSet) -> ExactSet {
        ExactSet { slots: set.fixed_slots().into(), keys: Keys::FIXED, ..set.clone() }
    }

    #[test]
    fn finds_every_member_and_nothing_else() {
        for count in [0, 1, 2, 3, 10, 1000] {
            let own = set(tenants(count));
            for set in [fixed(&own), own] {
                for origin in tenants(count) {
                    assert!(set.contains(origin.as_bytes()));
                }
                assert!(!set.contains(format!("https://tenant-{count}.example.com").as_bytes()));
                assert!(!set.contains(b""));
                assert!(!set.contains(&[b'a'; 9000]));
            }
        }
    }

    #[test]
    fn texts_of_every_length_are_told_apart() {
        // Where all bytes are the same, the length alone tells the texts apart.
        let texts = || (1..400).map(|length| "a".repeat(length));
        let own = set(texts());
        for set in [fixed(&own), own] {
            for text in texts() {
                assert!(set.contains(text.as_bytes()));
            }
        }
    }

    fn longest_run(set: &ExactSet) -> usize {
        set.slots.split(|slot| *slot == 0).map(<[u32]>::len).max().unwrap_or(0)
    }

    #[test]
    fn probes_stay_short() {
        let own = set(tenants(50_000));
        for set in [fixed(&own), own] {
            assert!(longest_run(&set) <= keys::FARTHEST, "a run of {} slots", longest_run(&set));
        }
    }

    /// Origins that all fall on the same slot for keys that an attacker knows.
    fn colliding(keys: &Keys, count: usize) -> Vec<String> {
        let falls_low = |origin: &String| keys.text(origin.as_bytes()).trailing_zeros() >= 10;
        (0..).map(|n| format!("https://t{n}.example.com")).filter(falls_low).take(count).collect()
    }

    #[test]
    fn origins_that_collide_for_known_keys_do_not_at_run_time() {
        let own = set(colliding(&Keys::FIXED, 500));
        assert_eq!(longest_run(&fixed(&own)), 500);
        assert!(longest_run(&own) <= keys::FARTHEST);
    }

    #[test]
    fn keys_are_new_for_each_set() {
        let hash = |set: &ExactSet| set.keys.text(b"https://tenant-0.example.com");
        assert_ne!(hash(&set(tenants(1))), hash(&set(tenants(1))));
    }
}
