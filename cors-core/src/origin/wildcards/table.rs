//! The hash table of many wildcards.

use std::borrow::Cow;

use super::build;
use crate::origin::keys::{self, Keys};
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
        let deepest = self.depths.last().copied().unwrap_or(0);
        let ends = Ends::of(origin.host, deepest, self.longest);
        let ports = origin.ports().filter(|it| *it != Port::Any || self.has_any_port);
        let scheme = Group::of_scheme(&self.keys, origin.scheme);
        ports.into_iter().any(|port| {
            let group = Group { port, ..scheme };
            let is_whole_host = self.has_whole_hosts
                && origin.host.len() <= self.longest
                && view.find(&group, false, origin.host).is_some();
            let probe = |depth| view.find(&group, true, ends.get(depth)?);
            is_whole_host
                || bisect(&self.depths, probe).and_then(|depth| ends.get(depth)).is_some_and(
                    |end| {
                        // Fewer labels would leave more of the host to be labels.
                        origin.starts_with_labels(origin.host.len() - end.len() - 1)
                    },
                )
        })
    }
}

/// Looks for the number of labels that a wildcard is found at.
pub(super) fn bisect(depths: &[u8], probe: impl Fn(u8) -> Option<Found>) -> Option<u8> {
    let mut left = depths;
    loop {
        let (fewer, rest) = left.split_at_checked(left.len() / 2)?;
        let (depth, more) = rest.split_first()?;
        left = match probe(*depth) {
            Some(Found::Wildcard) => return Some(*depth),
            Some(Found::Marker) => more,
            None => fewer,
        };
    }
}

/// What wildcards have in common that an origin is looked up among.
#[derive(Clone, Copy)]
pub(super) struct Group<'a> {
    scheme: &'a [u8],
    hash: u64,
    port: Port,
}

impl<'a> Group<'a> {
    fn of_scheme(keys: &Keys, scheme: &'a [u8]) -> Self {
        Self { scheme, hash: keys.text(scheme), port: Port::Default }
    }

    pub(super) fn of(keys: &Keys, wildcard: &'a Wildcard) -> Self {
        Self { port: wildcard.port, ..Self::of_scheme(keys, wildcard.scheme.as_bytes()) }
    }

    /// The hash of a host, or of what is below it.
    pub(super) fn hash(&self, keys: &Keys, subdomains: bool, host: &[u8]) -> u64 {
        let port = match self.port {
            Port::Number(number) => u64::from(number),
            Port::Default => 1 << 16,
            Port::Any => 1 << 17,
        };
        // Hosts have lengths of nine bits.
        let owner = (port << 1 | u64::from(subdomains)) << 9;
        keys.text_of(self.hash.wrapping_add(owner), host)
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
    pub(super) fn find(&self, group: &Group<'_>, subdomains: bool, host: &[u8]) -> Option<Found> {
        let is_it = |number: usize| {
            if let Some(it) = self.list.get(number) {
                let is_it =
                    it.subdomains == subdomains && it.host.as_bytes() == host && group.has(it);
                return is_it.then_some(Found::Wildcard);
            }
            let marker = self.markers.get(number - self.list.len())?;
            let it = self.list.get(marker.wildcard as usize)?;
            let is_it = subdomains && marker.of(it) == Some(host) && group.has(it);
            is_it.then_some(Found::Marker)
        };
        keys::find(self.slots, group.hash(self.keys, subdomains, host), is_it)
    }
}

impl Marker {
    /// The end of a host that is marked.
    pub(super) fn of(self, wildcard: &Wildcard) -> Option<&[u8]> {
        let host = wildcard.host.as_bytes();
        host.get(host.len().checked_sub(self.length.into())?..)
    }
}

/// A host has no more labels than this, and one of them at least stands for the `*`.
const MOST_LABELS: usize = LONGEST_HOST / 2 + 1;

/// Where the last labels of a host start.
pub(super) struct Ends<'a> {
    host: &'a [u8],
    starts: [u8; MOST_LABELS],
    count: usize,
}

impl<'a> Ends<'a> {
    /// Looks for so many labels at most, and no further than they may reach.
    pub(super) fn of(host: &'a [u8], deepest: u8, longest: usize) -> Self {
        let mut ends = Self { host, starts: [0; MOST_LABELS], count: 0 };
        if host.len() > LONGEST_HOST || deepest == 0 {
            return ends;
        }
        let first = host.len().saturating_sub(longest + 1).max(1);
        for (dot, byte) in host.iter().enumerate().skip(first).rev() {
            if *byte == b'.' {
                let Some(slot) = ends.starts.get_mut(ends.count) else { break };
                *slot = u8::try_from(dot + 1).unwrap_or(u8::MAX);
                ends.count += 1;
                if ends.count == usize::from(deepest) {
                    break;
                }
            }
        }
        ends
    }

    /// The last labels, if there are so many and one more.
    pub(super) fn get(&self, depth: u8) -> Option<&'a [u8]> {
        let number = usize::from(depth).checked_sub(1).filter(|number| *number < self.count)?;
        self.host.get(usize::from(*self.starts.get(number)?)..)
    }
}
