//! What the compiler says about declarations that are refused, and that it says nothing
//! about those that are not.
//!
//! One folder a topic, one file a situation. After a change of words, read what
//! `TRYBUILD=overwrite cargo test -p tests --test ui` has written before you keep it.

#[test]
fn declarations() {
    // All in one go: the compiler then works on several files at a time.
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/[!p]*/*.rs");
    cases.compile_fail("ui/policy/*.rs");
    cases.pass("ui/pass/*.rs");
}
