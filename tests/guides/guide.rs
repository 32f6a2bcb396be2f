//! A migration guide, read: each `###` section is one thing that the other library can do.
//!
//! The build script compiles the code of the sections, and the test sends requests through it and
//! holds the marked parts of the guide against the responses.

use std::ops::Range;

/// Around what the test writes.
const SEEN: [&str; 2] = ["<!-- seen -->\n", "<!-- /seen -->\n"];
const INDEX: [&str; 2] = ["<!-- index -->\n", "<!-- /index -->\n"];

/// One section.
#[derive(Debug)]
pub(crate) struct Section {
    /// The text behind `###`.
    pub(crate) heading: String,
    /// An expression of the other library.
    pub(crate) theirs: Option<String>,
    pub(crate) here: Here,
    /// What the test writes into the section.
    seen: Range<usize>,
}

/// What the section says about this library.
#[derive(Debug)]
pub(crate) enum Here {
    /// Items, the first of which is the policy.
    Code(String),
    /// The same does not compile.
    Refused(String),
    /// There is nothing of the kind.
    Absent,
}

/// A block of Rust.
struct Block {
    flags: String,
    text: String,
}

/// The sections of a guide.
pub(crate) fn sections(guide: &str) -> Vec<Section> {
    let mut sections = Vec::new();
    let starts: Vec<usize> = guide.match_indices("\n### ").map(|(at, _)| at + 1).collect();
    for (number, start) in starts.iter().enumerate() {
        let end = starts.get(number + 1).copied().unwrap_or(guide.len());
        let text = &guide[*start..end];
        let text = text.split("\n## ").next().unwrap_or(text);
        let heading = text.lines().next().unwrap_or_default().trim_start_matches("### ");
        let seen = marked(text, SEEN);
        let mut section = Section {
            heading: heading.to_owned(),
            theirs: None,
            here: Here::Absent,
            seen: start + seen.start..start + seen.end,
        };
        for Block { flags, text } in blocks(text) {
            match flags.as_str() {
                "rust,ignore" if section.theirs.is_none() => section.theirs = Some(text),
                "rust,ignore" => section.here = Here::Code(text),
                "rust,compile_fail" => section.here = Here::Refused(text),
                _ => {}
            }
        }
        sections.push(section);
    }
    sections
}

/// The guide with what the test has to say in its marked parts.
#[allow(dead_code, reason = "the build script only reads")]
pub(crate) fn rewritten(guide: &str, index: &str, seen: &[String]) -> String {
    let mut parts: Vec<(Range<usize>, &str)> = sections(guide)
        .into_iter()
        .zip(seen)
        .map(|(section, seen)| (section.seen, seen.as_str()))
        .collect();
    parts.push((marked(guide, INDEX), index));
    parts.sort_by_key(|(range, _)| range.start);

    let mut text = guide.to_owned();
    for (range, part) in parts.into_iter().rev() {
        text.replace_range(range, &format!("\n{part}\n"));
    }
    text
}

/// Where the text between the two marks is. Without them, nothing would be held against what was seen.
fn marked(text: &str, [open, close]: [&str; 2]) -> Range<usize> {
    let range = text.find(open).and_then(|at| {
        let start = at + open.len();
        Some(start..start + text[start..].find(close)?)
    });
    range.unwrap_or_else(|| panic!("no {open:?} and {close:?} in: {text}"))
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(flags) = line.strip_prefix("```") {
            let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push(Block { flags: flags.to_owned(), text: text.join("\n") });
        }
    }
    blocks
}
