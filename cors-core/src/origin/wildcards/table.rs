//! The hash table of many wildcards.

use std::borrow::Cow;

use super::build;
use crate::origin::keys::{self, Keys, Sums};
use crate::origin::serialised::{LONGEST_HOST, Serialised};
use crate::origin::wildcard::{Port, Wildcard};

/// The ends of hosts that are looked up: those of wildcards, and marked ones.
#[derive(Debug, Clone)]
pub struct WildcardTable {
    /// As those of [`ExactSet`](crate::origin::exact::ExactSet); the numbers behind those of the
    /// list are markers.
    pub slots: Cow<'static, [u32]>,
    /// Where a search for more labels is worth it.
    pub markers: Cow<'static, [Marker]>,
    /// How many labels the hosts behind `*.` have, ascending.
    pub depths: Cow<'static, [u8]>,
    /// Whether there are hosts without `*.`, that is, with `:*` alone.
    pub has_whole_hosts: bool,
    /// Whether there are wildcards with `:*`.
    pub has_any_port: bool,
    /// The length of the longest host in bytes: what is longer is not even looked up.
    pub longest: usize,
    /// What the hash is made with.
    pub keys: Keys,
}

/// The end of the host of a wildcard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marker {
    /// The number of the wildcard.
    pub wildcard: u32,
    /// How many bytes of its host, from the end.
    pub length: u8,
}

/// What is in the table for the end of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// A wildcard of this host.
    Wildcard,
    /// Wildcards of hosts below it, and none of a host above it.
    Marker,
}

impl WildcardTable {
    pub(super) fn new(list: &[Wildcard]) -> Self {
        let depths = build::depths(list);
        let markers = build::markers(list, &depths);
        let longest = list.iter().map(|it| it.host.len()).max().unwrap_or(0);
        let scheme = list.iter().map(|it| it.scheme.len()).max().unwrap_or(0);
        let texts = keys::for_text(longest.max(scheme));
        let (keys, slots) = keys::lay_out(list.len() + markers.len(), texts, |keys, number| {
            build::hash(keys, list, &markers, number)
        });
        Self {
            slots: slots.into(),
            markers: markers.into(),
            depths: depths.into(),
            has_whole_hosts: list.iter().any(|it| !it.subdomains),
            has_any_port: list.iter().any(|it| it.port == Port::Any),
            longest,
            keys,
        }
    }

    /// The slots as the macro writes them down: the same in every build.
    #[must_use]
    pub fn fixed_slots(&self, list: &[Wildcard]) -> Vec<u32> {
        let count = list.len() + self.markers.len();
        let hash = |number| build::hash(&Keys::FIXED, list, &self.markers, number);
        keys::place(keys::size(count), (0..count).map(hash)).0
    }

    /// The same as [`Wildcard::stands_for`] of each, for all of them.
    pub(super) fn matches(&self, list: &[Wildcard], origin: &Serialised<'_>) -> bool {
        let view = View { slots: &self.slots, markers: &self.markers, keys: &self.keys, list };
        let mut ends = Ends::of(origin.host, if self.depths.is_empty() { 0 } else { self.longest });
        ends.read(&self.keys);
        let ports = origin.ports().filter(|it| *it != Port::Any || self.has_any_port);
        let scheme = self.keys.text(origin.scheme);
        ports.into_iter().any(|port| {
            let group = Group::of_scheme(origin.scheme, scheme, port);
            let is_whole_host = self.has_whole_hosts
                && origin.host.len() <= self.longest
                && view.find_whole(&group, origin.host).is_some();
            is_whole_host
                || view.bisect(&group, &ends, &self.depths).is_some_and(|end| {
                    // Fewer labels would leave more of the host to be labels.
                    origin.starts_with_labels(origin.host.len() - end.len() - 1)
                })
        })
    }
}

/// What wildcards have in common that an origin is looked up among.
#[derive(Clone, Copy)]
pub(super) struct Group<'a> {
    scheme: &'a [u8],
    port: Port,
    /// What the hashes of hosts are made with.
    owner: u64,
}

impl<'a> Group<'a> {
    pub(super) fn of(keys: &Keys, wildcard: &'a Wildcard) -> Self {
        let scheme = wildcard.scheme.as_bytes();
        Self::of_scheme(scheme, keys.text(scheme), wildcard.port)
    }

    /// With the hash of the scheme.
    fn of_scheme(scheme: &'a [u8], hash: u64, port: Port) -> Self {
        let number = match port {
            Port::Number(number) => u64::from(number),
            Port::Default => 1 << 16,
            Port::Any => 1 << 17,
        };
        Self { scheme, port, owner: hash.wrapping_add(number << 10) }
    }

    /// What the hash of a host, or of what is below it, is made with.
    pub(super) const fn owner(&self, subdomains: bool) -> u64 {
        // Hosts have lengths of nine bits.
        self.owner.wrapping_add((subdomains as u64) << 9)
    }

    fn has(&self, wildcard: &Wildcard) -> bool {
        self.port == wildcard.port && self.scheme == wildcard.scheme.as_bytes()
    }
}

/// A table, and what its numbers mean.
pub(super) struct View<'a> {
    pub(super) slots: &'a [u32],
    pub(super) markers: &'a [Marker],
    pub(super) keys: &'a Keys,
    pub(super) list: &'a [Wildcard],
}

impl View<'_> {
    /// Looks for the end of a host that a wildcard stands in front of.
    pub(super) fn bisect<'h>(
        &self,
        group: &Group<'_>,
        ends: &Ends<'h>,
        depths: &[u8],
    ) -> Option<&'h [u8]> {
        let mut left = depths;
        loop {
            let (fewer, rest) = left.split_at_checked(left.len() / 2)?;
            let (depth, more) = rest.split_first()?;
            let end = ends.get(*depth);
            left = match end.and_then(|end| self.find_end(group, ends, end)) {
                Some(Found::Wildcard) => return end,
                Some(Found::Marker) => more,
                None => fewer,
            };
        }
    }

    pub(super) fn find_end(&self, group: &Group<'_>, ends: &Ends<'_>, end: &[u8]) -> Option<Found> {
        self.find(ends.hash(self.keys, group, end), group, true, end)
    }

    fn find_whole(&self, group: &Group<'_>, host: &[u8]) -> Option<Found> {
        self.find(self.keys.text_of(group.owner(false), host), group, false, host)
    }

    fn find(&self, hash: u64, group: &Group<'_>, subdomains: bool, host: &[u8]) -> Option<Found> {
        let is_it = |number: usize| {
            let (it, end, found) = if let Some(it) = self.list.get(number) {
                (it, (it.subdomains == subdomains).then_some(it.host.as_bytes())?, Found::Wildcard)
            } else {
                let marker = self.markers.get(number - self.list.len()).filter(|_| subdomains)?;
                let it = self.list.get(marker.wildcard as usize)?;
                (it, marker.of(it)?, Found::Marker)
            };
            (group.has(it) && end == host).then_some(found)
        };
        keys::find(self.slots, hash, is_it)
    }
}

impl Marker {
    /// The end of a host that is marked.
    pub(super) fn of(self, wildcard: &Wildcard) -> Option<&[u8]> {
        let host = wildcard.host.as_bytes();
        host.get(host.len().checked_sub(self.length.into())?..)
    }
}

/// A host has no more words of eight bytes than this.
const WORDS: usize = LONGEST_HOST.div_ceil(8);

/// The last labels of a host, as many as are asked for.
pub(super) struct Ends<'a> {
    host: &'a [u8],
    /// The dots of the last word of the host, of the one in front of it, and so on.
    dots: [u64; WORDS],
    /// How many there are up to the end of the host, and in all words.
    counts: [u8; WORDS],
    count: u8,
    sums: Sums,
}

impl<'a> Ends<'a> {
    /// Of a host, for ends of so many bytes at most.
    pub(super) fn of(host: &'a [u8], longest: usize) -> Self {
        // With the dot in front of the end.
        let reach = host.len().saturating_sub(longest + 1);
        let host = host.get(reach..).filter(|_| host.len() <= LONGEST_HOST).unwrap_or_default();
        let sums = Sums::NONE;
        Self { host, dots: [0; WORDS], counts: [u8::MAX; WORDS], count: 0, sums }
    }

    /// Reads the host; apart from [`of`](Self::of), because what that returns is moved, and large.
    pub(super) fn read(&mut self, keys: &Keys) {
        self.sums.read(keys, self.host);
        let (rest, words) = self.host.as_rchunks();
        let rest = rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        let words = words.iter().rev().map(|word| u64::from_be_bytes(*word)).chain([rest]);
        let mut places = self.dots.iter_mut().zip(&mut self.counts);
        let mut count = 0;
        // A `for` loop would ask for each word whether it is the rest.
        words.for_each(|word| {
            if let Some((dots, counted)) = places.next() {
                *dots = dots_of(word);
                count += number_of(*dots);
                *counted = count;
            }
        });
        self.count = count;
    }

    /// The last labels, if there are so many and a dot in front of them.
    pub(super) fn get(&self, depth: u8) -> Option<&'a [u8]> {
        if depth > self.count {
            return None;
        }
        let word = self.counts.iter().filter(|count| **count < depth).count();
        let behind = word.checked_sub(1).and_then(|word| self.counts.get(word)).unwrap_or(&0);
        let mut dots = *self.dots.get(word)?;
        for _ in behind + 1..depth {
            dots &= dots.wrapping_sub(1);
        }
        let length = word * 8 + dots.trailing_zeros() as usize / 8;
        self.host.get(self.host.len().checked_sub(length)?..)
    }

    /// The hash of one of the ends.
    pub(super) fn hash(&self, keys: &Keys, group: &Group<'_>, end: &[u8]) -> u64 {
        self.sums.hash(keys, group.owner(true), end)
    }
}

/// The highest bit of each byte that is a dot.
const fn dots_of(word: u64) -> u64 {
    const DOTS: u64 = u64::from_ne_bytes([b'.'; 8]);
    const LOW: u64 = u64::from_ne_bytes([0x7F; 8]);
    let other = word ^ DOTS;
    !(((other & LOW) + LOW) | other | LOW)
}

/// How many bytes have their highest bit.
const fn number_of(dots: u64) -> u8 {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    (dots >> 7).wrapping_mul(ONES).to_be_bytes()[0]
}
