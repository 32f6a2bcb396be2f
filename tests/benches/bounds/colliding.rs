//! Origins that collide: a table whose hash has no key searches them one by one.

/// What host names are written with.
const LETTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

const MIX: u64 = 0x9E37_79B9_7F4A_7C15;

/// How many blocks of a host are chosen freely, and from how many that collide: 177,147 hosts.
const BLOCKS: u32 = 11;
const CHOICES: usize = 3;

/// A hash without a key that reads eight bytes at a time, as tables of this library had before a
/// tenant could choose their entries.
fn step(state: u64, chunk: [u8; 8]) -> u64 {
    let state = (state ^ u64::from_le_bytes(chunk)).wrapping_mul(MIX);
    state ^ state >> 29
}

/// The hash of a whole origin.
pub(super) fn hash(origin: &[u8]) -> u64 {
    let chunks = origin.as_chunks::<8>().0;
    let tail = origin.last_chunk::<8>().copied().unwrap_or_default();
    let state = chunks.iter().fold(origin.len() as u64, |state, chunk| step(state, *chunk));
    let state = (state ^ u64::from_le_bytes(tail)).wrapping_mul(MIX);
    state ^ state >> 32
}

/// All origins of the blocks: 3 to the power of 11, with one hash.
pub(super) fn origins() -> Vec<String> {
    let start = b"https://";
    let end = b".app.com";
    let length = start.len() + 16 * BLOCKS as usize + end.len();
    let mut state = step(length as u64, *start);
    let mut heads = vec![start.to_vec()];
    for _ in 0..BLOCKS {
        let (blocks, next) = collision(state);
        heads = heads
            .iter()
            .flat_map(|head| blocks.iter().map(move |block| [head.as_slice(), block].concat()))
            .collect();
        state = next;
    }
    let whole = |head: Vec<u8>| {
        String::from_utf8([head.as_slice(), end].concat()).expect("host names are text")
    };
    heads.into_iter().map(whole).collect()
}

/// Blocks of two chunks that lead from one state to one other. The second chunk of a block takes
/// back what the first one changed, where that is written with letters.
fn collision(state: u64) -> (Vec<Vec<u8>>, u64) {
    let taken_back = *b"mmmmmmmm";
    let wanted = step(state, chunk(0)) ^ u64::from_le_bytes(taken_back);
    let block = |number| {
        let first = chunk(number);
        let second = (step(state, first) ^ wanted).to_le_bytes();
        let is_name = second.iter().all(|byte| LETTERS.contains(byte));
        is_name.then(|| [first, second].concat())
    };
    ((0..).filter_map(block).take(CHOICES).collect(), step(0, wanted.to_le_bytes()))
}

/// A number as a label with its dot.
fn chunk(number: u64) -> [u8; 8] {
    let mut rest = number;
    let mut text = *b"aaaaaaa.";
    for byte in text.iter_mut().take(7) {
        let letter = usize::try_from(rest % LETTERS.len() as u64).unwrap_or_default();
        *byte = LETTERS[letter];
        rest /= LETTERS.len() as u64;
    }
    text
}
