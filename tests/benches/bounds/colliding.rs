//! Origins that collide: a table whose hash has no key searches them one by one.

const MIX: u64 = 0x9E37_79B9_7F4A_7C15;

/// The blocks of a host, three of which can be chosen from for each of eleven: 177,147 hosts. The
/// blocks of a line lead a hash from one state to one other: the second eight bytes take back what the
/// first eight changed. They were found by trial; [`hash`] shows it.
const BLOCKS: [[&str; 3]; 11] = [
    ["aaaaaaa.mmmmmmmm", "eh1lbaa.ofcaexf4", "9u6wbaa.onsbvyvf"],
    ["aaaaaaa.mmmmmmmm", "csk7caa.j6m106p3", "bm3pwaa.y8eo2ata"],
    ["aaaaaaa.mmmmmmmm", "b5kvbaa.3u56ambb", "96a3caa.fqargjeb"],
    ["aaaaaaa.mmmmmmmm", "5tglgaa.3qwauqhd", "d89boaa.lgtf5s6m"],
    ["aaaaaaa.mmmmmmmm", "3j69baa.gwp9w0nf", "hhaliaa.bn0n9kkg"],
    ["aaaaaaa.mmmmmmmm", "g5iheaa.b1d3fr1b", "pq9biaa.jg2iyb4d"],
    ["aaaaaaa.mmmmmmmm", "w7zgfaa.yyvii42g", "faa0laa.3c9z5ztx"],
    ["aaaaaaa.mmmmmmmm", "pdb5kaa.ean6d0wq", "86pcqaa.y1h6dvic"],
    ["aaaaaaa.mmmmmmmm", "c4gjaaa.2dk8a312", "vsx3aaa.2zs4bea7"],
    ["aaaaaaa.mmmmmmmm", "u4wfgaa.tzrqprb8", "ivarmaa.iye82q8t"],
    ["aaaaaaa.mmmmmmmm", "rbtgeaa.jk2vcoul", "1cw9eaa.jag1q8p8"],
];

/// A hash without a key that reads eight bytes at a time, as tables of this library had before a
/// tenant could choose their entries.
pub(super) fn hash(origin: &[u8]) -> u64 {
    let step = |state: u64, chunk: &[u8; 8]| {
        let state = (state ^ u64::from_le_bytes(*chunk)).wrapping_mul(MIX);
        state ^ state >> 29
    };
    let chunks = origin.as_chunks::<8>().0;
    let tail = origin.last_chunk::<8>().copied().unwrap_or_default();
    let state = chunks.iter().fold(origin.len() as u64, step);
    let state = (state ^ u64::from_le_bytes(tail)).wrapping_mul(MIX);
    state ^ state >> 32
}

/// All origins of the blocks: 3 to the power of 11, with one hash.
pub(super) fn origins() -> Vec<String> {
    let longer = |heads: Vec<String>, blocks: &[&str; 3]| {
        heads.iter().flat_map(|head| blocks.map(|block| format!("{head}{block}"))).collect()
    };
    let heads = BLOCKS.iter().fold(vec!["https://".to_owned()], longer);
    heads.into_iter().map(|head| head + ".app.com").collect()
}
