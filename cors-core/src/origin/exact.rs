//! Exact origins: one look-up, however many there are.

use std::borrow::Cow;

use crate::header::value::Value;

/// A set of serialised origins, as an open-addressing hash table.
///
/// The layout is plain data, so that the macro writes it into a `static` and the builder
/// into the heap; both are read by the same code. The hash needs no secret: who sends a
/// request chooses what is looked up, never what is stored.
#[derive(Debug, Clone)]
pub struct ExactSet {
    /// For each slot, one more than the index of an origin; 0 where it is empty. The
    /// length is a power of two, at least twice the number of origins, so that number takes
    /// fewer bits than a slot has: the others hold a tag from the hash, and an origin that
    /// stands in the way of another is passed without being read.
    slots: Cow<'static, [u32]>,
    origins: Cow<'static, [Value]>,
    /// The length of the longest origin in bytes: what is longer is not even hashed.
    longest: usize,
}

impl ExactSet {
    /// A set that the macro has laid out.
    #[must_use]
    pub const fn from_static(
        slots: &'static [u32],
        origins: &'static [Value],
        longest: usize,
    ) -> Self {
        Self { slots: Cow::Borrowed(slots), origins: Cow::Borrowed(origins), longest }
    }

    pub(crate) fn new(origins: Vec<Value>) -> Self {
        let size = (origins.len() * 2).next_power_of_two();
        let mut slots = vec![0_u32; if origins.is_empty() { 0 } else { size }];
        let mask = size.wrapping_sub(1);
        for (number, origin) in (1_u32..).zip(&origins) {
            let hash = hash(origin.as_str().as_bytes());
            let mut at = index(hash);
            while let Some(slot) = slots.get_mut(at & mask) {
                if *slot == 0 {
                    *slot = tag(hash, mask) | number;
                    break;
                }
                at = at.wrapping_add(1);
            }
        }
        let longest = origins.iter().map(|origin| origin.as_str().len()).max().unwrap_or(0);
        Self { slots: slots.into(), origins: origins.into(), longest }
    }

    /// The configured origin that equals `origin`.
    #[inline]
    pub(crate) fn get(&self, origin: &[u8]) -> Option<&Value> {
        if origin.len() > self.longest {
            return None;
        }
        let slots: &[u32] = &self.slots;
        let mask = slots.len().wrapping_sub(1);
        let hash = hash(origin);
        let tag = tag(hash, mask);
        let mut at = index(hash);
        // At most half of the slots are taken, so an empty one ends the search.
        loop {
            let slot = *slots.get(at & mask)?;
            if slot == 0 {
                return None;
            }
            // What is left once the tag is gone is the number, or more than any.
            let value = self.origins.get(((slot ^ tag) as usize).wrapping_sub(1));
            if let Some(value) = value
                && value.as_str().as_bytes() == origin
            {
                return Some(value);
            }
            at = at.wrapping_add(1);
        }
    }

    /// The slots, for the macro to write down.
    #[must_use]
    pub fn slots(&self) -> &[u32] {
        &self.slots
    }

    /// The origins, in the order of the declaration.
    #[must_use]
    pub fn origins(&self) -> &[Value] {
        &self.origins
    }

    /// The length of the longest origin in bytes.
    #[must_use]
    pub const fn longest(&self) -> usize {
        self.longest
    }
}

/// The low bits of a hash; a table is never larger than what they address.
#[expect(clippy::cast_possible_truncation, reason = "a mask follows")]
const fn index(hash: u64) -> usize {
    hash as usize
}

/// The high bits of a hash, as many as a slot has beside a number within `mask`.
#[expect(clippy::cast_possible_truncation, reason = "numbers are of 32 bits")]
const fn tag(hash: u64, mask: usize) -> u32 {
    (hash >> 32) as u32 & !(mask as u32)
}

/// Mixes eight bytes at a time; the same on every platform, since the macro computes on
/// the host what the program looks up on its target.
fn hash(bytes: &[u8]) -> u64 {
    const MIX: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut state = bytes.len() as u64;
    let (chunks, rest) = bytes.as_chunks::<8>();
    // Eight bytes at the end, whether or not a chunk has had some of them: no origin is
    // shorter, and one byte at a time costs more.
    let tail = match bytes.last_chunk::<8>() {
        Some(last) => u64::from_le_bytes(*last),
        None => rest.iter().fold(0, |tail, byte| tail << 8 | u64::from(*byte)),
    };
    for chunk in chunks {
        state = (state ^ u64::from_le_bytes(*chunk)).wrapping_mul(MIX);
        state ^= state >> 29;
    }
    state = (state ^ tail).wrapping_mul(MIX);
    state ^ state >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(count: usize) -> ExactSet {
        ExactSet::new(
            (0..count)
                .map(|n| Value::from_text(format!("https://tenant-{n}.example.com")).unwrap())
                .collect(),
        )
    }

    #[test]
    fn finds_every_member_and_nothing_else() {
        for count in [0, 1, 2, 3, 10, 1000] {
            let set = set(count);
            for n in 0..count {
                let origin = format!("https://tenant-{n}.example.com");
                assert_eq!(set.get(origin.as_bytes()).unwrap().as_str(), origin);
            }
            assert!(set.get(format!("https://tenant-{count}.example.com").as_bytes()).is_none());
            assert!(set.get(b"").is_none());
            assert!(set.get(&[b'a'; 9000]).is_none());
        }
    }

    #[test]
    fn probes_stay_short() {
        let set = set(100_000);
        let longest = set.slots().split(|slot| *slot == 0).map(<[u32]>::len).max();
        assert!(longest.unwrap() < 64, "a run of {longest:?} slots");
    }
}
