//! Wildcards: as many look-ups as a host has labels, however many wildcards there are. A host has at
//! most 127 labels, and none is looked up beyond the longest host of a wildcard.

use std::borrow::Cow;

use super::keys::{self, FOR_SUFFIXES, Keys};
use super::wildcard::{LONGEST_HOST, Port, Wildcard, cut_port, default_port, is_label, read_port};

/// How many wildcards are looked at one after the other, which then costs less.
const FEW: usize = 8;

/// A set of wildcards; where they are not few, with a hash table of them.
#[derive(Debug, Clone)]
pub struct Wildcards {
    /// In the order of the declaration.
    pub list: Cow<'static, [Wildcard]>,
    /// As those of [`ExactSet`](super::exact::ExactSet); none where the wildcards are few.
    pub slots: Cow<'static, [u32]>,
    /// The length of the longest host in bytes: what is longer is not even looked up.
    pub longest: usize,
    /// What the hash is made with.
    pub keys: Keys,
}

impl Wildcards {
    /// No wildcard.
    pub const NONE: Self =
        Self { list: Cow::Borrowed(&[]), slots: Cow::Borrowed(&[]), longest: 0, keys: Keys::FIXED };

    pub(crate) fn new(list: Vec<Wildcard>) -> Self {
        let longest = list.iter().map(|wildcard| wildcard.host.len()).max().unwrap_or(0);
        let (keys, slots) = if list.len() <= FEW {
            (Keys::FIXED, Vec::new())
        } else {
            keys::lay_out(list.len(), FOR_SUFFIXES, |keys, number| {
                list.get(number).map_or(0, |wildcard| hash(wildcard, keys))
            })
        };
        Self { list: list.into(), slots: slots.into(), longest, keys }
    }

    /// The slots as the macro writes them down: the same in every build.
    #[must_use]
    pub fn fixed_slots(&self) -> Vec<u32> {
        if self.slots.is_empty() {
            return Vec::new();
        }
        let hashes = self.list.iter().map(|wildcard| hash(wildcard, &Keys::FIXED));
        keys::place(keys::size(self.list.len()), hashes).0
    }

    /// Whether a wildcard stands for a serialised origin.
    pub(crate) fn matches(&self, origin: &[u8]) -> bool {
        if self.slots.is_empty() {
            return self.list.iter().any(|wildcard| wildcard.matches(origin));
        }
        self.look_up(origin).is_some()
    }

    /// The same as [`Wildcard::matches`] of each, for all of them.
    fn look_up(&self, origin: &[u8]) -> Option<()> {
        let colon = origin.iter().position(|byte| *byte == b':')?;
        let (scheme, rest) = origin.split_at_checked(colon)?;
        let (host, digits) = cut_port(rest.strip_prefix(b"://")?)?;
        let own = match digits {
            None => Port::Default,
            Some(digits) => Port::Number(read_port(digits)?),
        };
        let spelt_out = match own {
            Port::Number(number) => {
                std::str::from_utf8(scheme).ok().and_then(default_port) == Some(number)
            }
            _ => false,
        };
        let ports = [Some(own), Some(Port::Any).filter(|_| !spelt_out)];
        let find = |hash: &dyn Fn(u32) -> u64, host: &[u8], subdomains| {
            ports.into_iter().flatten().any(|port| {
                let is_it = |number: usize| {
                    let it = self.list.get(number)?;
                    let is_it = it.port == port
                        && it.subdomains == subdomains
                        && it.host.as_bytes() == host
                        && it.scheme.as_bytes() == scheme;
                    is_it.then_some(())
                };
                keys::find(&self.slots, hash(code(port)), is_it).is_some()
            })
        };

        let mut hashes = self.keys.suffixes(scheme);
        // Where the labels end that may stand in front of a host; counted if it matters.
        let mut labels = None;
        for (at, byte) in host.iter().enumerate().rev() {
            let end = host.get(at + 1..)?;
            if end.len() > self.longest {
                return None;
            }
            if *byte == b'.'
                && at > 0
                && host.len() <= LONGEST_HOST
                && find(&|port| hashes.hash(true, port), end, true)
                && at <= *labels.get_or_insert_with(|| labels_end(host))
            {
                return Some(());
            }
            hashes.push(*byte);
        }
        find(&|port| hashes.hash(false, port), host, false).then_some(())
    }
}

/// Where the last of the labels ends that a host starts with.
fn labels_end(host: &[u8]) -> usize {
    let labels = host.split(|byte| *byte == b'.').take_while(|label| is_label(label));
    labels.map(|label| label.len() + 1).sum::<usize>().saturating_sub(1)
}

fn hash(wildcard: &Wildcard, keys: &Keys) -> u64 {
    let mut hashes = keys.suffixes(wildcard.scheme.as_bytes());
    wildcard.host.bytes().rev().for_each(|byte| hashes.push(byte));
    hashes.hash(wildcard.subdomains, code(wildcard.port))
}

/// A port as a number; those that are none come behind those that are.
const fn code(port: Port) -> u32 {
    match port {
        Port::Number(number) => number as u32,
        Port::Default => 1 << 16,
        Port::Any => 1 << 17,
    }
}

#[cfg(test)]
mod tests;
