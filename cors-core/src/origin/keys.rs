//! Hashes with keys, and the tables that they are for: what is stored may have been chosen by
//! an attacker who makes them collide.
//!
//! The hash is universal: for any two texts chosen without knowing the keys, the chance to collide is
//! about one in 2^64 (after Black et al., "UMAC", 1999: sums of products of words that have keys
//! added to them). That is proved, and costs less than a cipher.

use std::borrow::Cow;
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};

use super::automaton::LONGEST_TEXT;
use super::serialised::LONGEST_HOST;

/// How far from its place an entry of a table may stand.
pub(crate) const FARTHEST: usize = 64;

/// How many times new keys are drawn. For no list is a draw bad more often than not; after
/// each, the table grows.
const DRAWS: u32 = 6;

/// How many bytes are hashed at once.
const CHUNK: usize = 16;

/// Keys that every build has in common, enough for any text of the macro's.
static FIXED: [u64; for_text(LONGEST_TEXT)] = fixed();

const fn fixed<const N: usize>() -> [u64; N] {
    let mut keys = [0; N];
    let mut state = 0_u64;
    let mut left = &mut keys as &mut [u64];
    while let Some((key, rest)) = left.split_first_mut() {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        *key = mixed ^ (mixed >> 31);
        left = rest;
    }
    keys
}

/// How many keys a text of this length takes.
pub(crate) const fn for_text(length: usize) -> usize {
    5 + 2 * length.div_ceil(CHUNK)
}

/// The keys of a hash.
#[derive(Clone)]
pub struct Keys(Cow<'static, [u64]>);

impl fmt::Debug for Keys {
    /// Without the keys: there are hundreds, and an attacker who has them can choose origins that collide.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys")
    }
}

impl Keys {
    /// Those that are in this file, for everyone to read.
    pub const FIXED: Self = Self(Cow::Borrowed(&FIXED));

    pub(crate) fn random(count: usize) -> Self {
        // The source of randomness that the maps of the standard library have.
        let source = RandomState::new();
        Self((0..count).map(|number| source.hash_one(number)).collect())
    }

    /// The hash of a text.
    #[inline]
    pub(crate) fn text(&self, text: &[u8]) -> u64 {
        self.text_of(0, text)
    }

    /// The hash of a text that belongs to something else. The lowest bits of its number are left to
    /// the length of the text.
    #[inline]
    pub(crate) fn text_of(&self, owner: u64, text: &[u8]) -> u64 {
        let sum = self.products(text).fold(0, u128::wrapping_add);
        self.end(owner, text, sum)
    }

    /// The products of the chunks that a text ends with, from the last one.
    #[inline]
    fn products(&self, text: &[u8]) -> impl Iterator<Item = u128> {
        let keys = self.0.get(5..).unwrap_or_default().as_chunks().0;
        let chunks = text.as_rchunks::<CHUNK>().1.iter().rev();
        chunks.zip(keys).map(|(chunk, [first, second])| {
            product(halves(u128::from_le_bytes(*chunk)), *first, *second)
        })
    }

    /// The hash of a text, from the sum of the products of its chunks.
    #[inline]
    fn end(&self, owner: u64, text: &[u8], sum: u128) -> u64 {
        let [by_length, low, high, first, second, ..] = &*self.0 else { return 0 };
        let number = owner.wrapping_add(text.len() as u64);
        let number = u128::from(*by_length).wrapping_mul(u128::from(number));
        let head = product(head(text), *first, *second);
        let (a, b) = halves(sum.wrapping_add(number).wrapping_add(head));
        let (a, b) = halves(u128::from(a ^ low).wrapping_mul(u128::from(b ^ high)));
        a ^ b
    }
}

/// The bytes that a text starts with, those that fill no chunk among them. That others are in a chunk
/// besides costs less than to take bytes one at a time, which only the shortest texts do.
#[inline]
fn head(text: &[u8]) -> (u64, u64) {
    if let Some(head) = text.first_chunk() {
        return halves(u128::from_le_bytes(*head));
    }
    match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => (text.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0),
    }
}

/// The chunks of a text that is not longer than the longest host.
const CHUNKS: usize = LONGEST_HOST / CHUNK;

/// What the hashes of all ends of a text have in common: the sums of the products of no chunk, of the
/// last, of the last two, and so on.
pub(crate) struct Sums([u128; CHUNKS + 1]);

impl Sums {
    pub(crate) const NONE: Self = Self([0; CHUNKS + 1]);

    /// Of as many chunks as there are keys for.
    #[inline]
    pub(crate) fn read(&mut self, keys: &Keys, text: &[u8]) {
        let mut sum = 0_u128;
        for (to, product) in self.0.iter_mut().skip(1).zip(keys.products(text)) {
            sum = sum.wrapping_add(product);
            *to = sum;
        }
    }

    /// The same as [`Keys::text_of`] for an end of the text.
    #[inline]
    pub(crate) fn hash(&self, keys: &Keys, owner: u64, end: &[u8]) -> u64 {
        keys.end(owner, end, self.0.get(end.len() / CHUNK).copied().unwrap_or(0))
    }
}

/// The product of two words of eight bytes, each with a key added.
#[inline]
fn product((a, b): (u64, u64), first: u64, second: u64) -> u128 {
    u128::from(a.wrapping_add(first)).wrapping_mul(u128::from(b.wrapping_add(second)))
}

#[expect(clippy::cast_possible_truncation, reason = "the two halves are taken apart")]
const fn halves(whole: u128) -> (u64, u64) {
    (whole as u64, (whole >> 64) as u64)
}

/// How many slots a table of so many entries has: at most half of them are taken.
pub(crate) const fn size(count: usize) -> usize {
    if count == 0 { 0 } else { (count * 2).next_power_of_two() }
}

/// Draws keys until no entry stands further than [`FARTHEST`] from its place.
pub(crate) fn lay_out(
    count: usize,
    keys: usize,
    hash: impl Fn(&Keys, usize) -> u64,
) -> (Keys, Vec<u32>) {
    let mut draw = 1;
    loop {
        let drawn = Keys::random(keys);
        let size = size(count) << (draw - 1);
        let (slots, farthest) = place(size, (0..count).map(|number| hash(&drawn, number)));
        if farthest <= FARTHEST || draw == DRAWS {
            return (drawn, slots);
        }
        draw += 1;
    }
}

/// A table of this size, and how far from its place the farthest entry stands.
pub(crate) fn place(size: usize, hashes: impl Iterator<Item = u64>) -> (Vec<u32>, usize) {
    let mut slots = vec![0_u32; size];
    let mut farthest = 0;
    for (number, hash) in hashes.enumerate() {
        farthest = farthest.max(put(&mut slots, number, hash));
    }
    (slots, farthest)
}

/// Puts an entry into a table that is not full, and tells how far from its place it stands.
pub(crate) fn put(slots: &mut [u32], number: usize, hash: u64) -> usize {
    let mask = slots.len().wrapping_sub(1);
    let place = index(hash);
    let mut far = 0;
    while let Some(slot) = slots.get_mut(place.wrapping_add(far) & mask) {
        if *slot == 0 {
            *slot = tag(hash, mask) | u32::try_from(number + 1).unwrap_or(u32::MAX);
            break;
        }
        far += 1;
    }
    far
}

/// What `is_it` makes of the first entry that it makes something of, among those of a hash.
#[inline]
pub(crate) fn find<T>(slots: &[u32], hash: u64, is_it: impl Fn(usize) -> Option<T>) -> Option<T> {
    let mask = slots.len().wrapping_sub(1);
    let tag = tag(hash, mask);
    let mut at = index(hash);
    // At most half of the slots are taken, so an empty one ends the search.
    loop {
        let slot = *slots.get(at & mask)?;
        if slot == 0 {
            return None;
        }
        // What is left once the tag is gone is the number, or more than any.
        if let Some(found) = is_it(((slot ^ tag) as usize).wrapping_sub(1)) {
            return Some(found);
        }
        at = at.wrapping_add(1);
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

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::{DRAWS, FARTHEST, lay_out, size};

    /// A hash under which every entry is at the same place.
    const COLLIDING: u64 = 0;

    fn entries() -> usize {
        FARTHEST + 2
    }

    #[test]
    fn good_keys_are_kept() {
        let draws = Cell::new(0);
        let (_, slots) = lay_out(entries(), 5, |_, number| {
            draws.set(draws.get() + usize::from(number == 0));
            number as u64
        });
        assert_eq!((draws.get(), slots.len()), (1, size(entries())));
    }

    /// The table grows with each draw, so that the next one is likelier to be good.
    #[test]
    fn bad_keys_are_drawn_anew() {
        let draws = Cell::new(0);
        let (_, slots) = lay_out(entries(), 5, |_, number| {
            draws.set(draws.get() + usize::from(number == 0));
            if draws.get() < 3 { COLLIDING } else { number as u64 }
        });
        assert_eq!((draws.get(), slots.len()), (3, size(entries()) << 2));
    }

    #[test]
    fn the_last_keys_are_kept_whatever_they_are() {
        let (_, slots) = lay_out(entries(), 5, |_, _| COLLIDING);
        assert_eq!(slots.len(), size(entries()) << (DRAWS - 1));
        assert_eq!(slots.iter().filter(|slot| **slot != 0).count(), entries());
    }
}
