//! What the compiler says about declarations that are refused, and that it says nothing
//! about those that are not.
//!
//! One folder a topic, one file a situation. After a change of words, read what
//! `TRYBUILD=overwrite cargo test -p ui` has written before you keep it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

#[test]
fn declarations() {
    // All in one go: the compiler then works on several files at a time.
    let cases = trybuild::TestCases::new();
    for topic in topics() {
        let files = format!("{topic}/*.rs");
        if topic == "pass" { cases.pass(files) } else { cases.compile_fail(files) }
    }
}

/// The folders beside this file.
fn topics() -> Vec<String> {
    let entries = std::fs::read_dir(env!("CARGO_MANIFEST_DIR")).unwrap().map(Result::unwrap);
    let folders = entries.filter(|entry| entry.file_type().unwrap().is_dir());
    let mut topics: Vec<String> =
        folders.map(|folder| folder.file_name().into_string().unwrap()).collect();
    topics.sort();
    topics
}
