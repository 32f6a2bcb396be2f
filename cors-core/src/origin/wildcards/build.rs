//! What a table of wildcards is built of.

use std::collections::BTreeSet;

use super::table::{Ends, Group, Marker, View};
use crate::origin::keys::{self, Keys};
use crate::origin::wildcard::{Wildcard, are_labels};

/// How many labels the hosts behind `*.` have, ascending.
pub(super) fn depths(list: &[Wildcard]) -> Vec<u8> {
    let depths: BTreeSet<u8> = list.iter().filter_map(depth).collect();
    depths.into_iter().collect()
}

/// How many labels the host behind `*.` has; none where no host is below it.
fn depth(wildcard: &Wildcard) -> Option<u8> {
    let dots = || wildcard.host.bytes().filter(|byte| *byte == b'.').count();
    let depth = wildcard.subdomains.then(dots)? + 1;
    // A host of an origin has at most 253 bytes.
    u8::try_from(depth).ok().filter(|depth| *depth <= 126)
}

/// The hash of a wildcard or, if there are no more of these, of a marker.
pub(super) fn hash(keys: &Keys, list: &[Wildcard], markers: &[Marker], number: usize) -> u64 {
    let hash = |it: &Wildcard, subdomains, host: &[u8]| {
        keys.text_of(Group::of(keys, it).owner(subdomains), host)
    };
    if let Some(it) = list.get(number) {
        return hash(it, it.subdomains, it.host.as_bytes());
    }
    let marker = || {
        let marker = markers.get(number.checked_sub(list.len())?)?;
        let it = list.get(marker.wildcard as usize)?;
        Some(hash(it, true, marker.of(it)?))
    };
    marker().unwrap_or(0)
}

/// The ends of hosts that bisection has to go on from to find each wildcard.
///
/// Where a wildcard stands for all that a deeper one stands for, there is no need to find the deeper
/// one, and there must be no marker for it: it would lead past the other.
pub(super) fn markers(list: &[Wildcard], depths: &[u8]) -> Vec<Marker> {
    if depths.len() <= 1 {
        return Vec::new();
    }
    let mut draft = Draft::new(list);
    let mut order: Vec<(u8, u32)> =
        list.iter().zip(0..).filter_map(|(it, number)| Some((depth(it)?, number))).collect();
    order.sort_unstable();
    for (depth, number) in order {
        draft.mark(depth, number, depths);
    }
    draft.markers
}

/// A table that grows.
struct Draft<'a> {
    list: &'a [Wildcard],
    markers: Vec<Marker>,
    slots: Vec<u32>,
    keys: Keys,
}

impl<'a> Draft<'a> {
    fn new(list: &'a [Wildcard]) -> Self {
        let longest = list.iter().map(|it| it.host.len().max(it.scheme.len())).max().unwrap_or(0);
        let keys = Keys::random(keys::for_text(longest));
        let mut draft = Self { list, markers: Vec::new(), slots: Vec::new(), keys };
        draft.grow();
        draft
    }

    fn grow(&mut self) {
        let count = self.list.len() + self.markers.len();
        let hash = |number| hash(&self.keys, self.list, &self.markers, number);
        self.slots = keys::place(keys::size(count), (0..count).map(hash)).0;
    }

    /// Marks the way to a wildcard, when those of fewer labels have been marked.
    fn mark(&mut self, own: u8, number: u32, depths: &[u8]) {
        let Some(wildcard) = self.list.get(number as usize) else { return };
        let host = wildcard.host.as_bytes();
        let mut ends = Ends::of(host, host.len());
        ends.read(&self.keys);
        let group = Group::of(&self.keys, wildcard);
        let wider = self.view().bisect(&group, &ends, depths);
        if wider.is_some_and(|end| is_below(host, end)) {
            return;
        }
        // The steps of the bisection that finds it.
        let mut left = depths;
        while let Some((fewer, [depth, more @ ..])) = left.split_at_checked(left.len() / 2)
            && *depth != own
        {
            left = if *depth > own { fewer } else { more };
            if *depth < own
                && let Some(end) = ends.get(*depth)
            {
                self.insert(&group, number, &ends, end);
            }
        }
    }

    fn insert(&mut self, group: &Group<'_>, wildcard: u32, ends: &Ends<'_>, end: &[u8]) {
        let Ok(length) = u8::try_from(end.len()) else { return };
        if self.view().find_end(group, ends, end).is_some() {
            return;
        }
        let number = self.list.len() + self.markers.len();
        self.markers.push(Marker { wildcard, length });
        if keys::size(number + 1) > self.slots.len() {
            self.grow();
        } else {
            keys::put(&mut self.slots, number, ends.hash(&self.keys, group, end));
        }
    }

    fn view(&self) -> View<'_> {
        View { slots: &self.slots, markers: &self.markers, keys: &self.keys, list: self.list }
    }
}

/// Whether all labels in front of the end of a host are labels.
fn is_below(host: &[u8], end: &[u8]) -> bool {
    let front = host.strip_suffix(end).and_then(|front| front.strip_suffix(b"."));
    front.is_some_and(are_labels)
}
