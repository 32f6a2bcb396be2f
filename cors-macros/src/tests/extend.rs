//! `..BASE`: what a policy has of another, and the errors about either.

use proc_macro2::TokenStream;

use crate::expand::{self, Axum, Framework as _};
use crate::named;

fn expand(block: &str) -> String {
    let tokens: TokenStream = block.parse().unwrap();
    named::expand(Axum.crate_path(), tokens).to_string()
}

/// How often each text stands in the expansion, and no other error.
fn assert_errors(block: &str, expected: &[(&str, usize)]) {
    let expanded = expand(block);
    for (text, count) in expected {
        assert_eq!(expanded.matches(text).count(), *count, "{text}: {block}: {expanded}");
    }
    let total: usize = expected.iter().map(|(_, count)| count).sum();
    assert_eq!(expanded.matches("compile_error").count(), total, "{block}: {expanded}");
}

const BASE: &str = r#"static BASE = { origins = ["https://a.example"], headers = ["x-base"] }"#;

/// A policy that extends is the policy with all keys written out.
#[test]
fn as_written_out() {
    for (extending, written_out) in [
        ("..BASE", r#"origins = ["https://a.example"], headers = ["x-base"]"#),
        (
            "..BASE, credentials",
            r#"origins = ["https://a.example"], headers = ["x-base"], credentials"#,
        ),
        (
            r#"..BASE, headers = ["x-own"]"#,
            r#"origins = ["https://a.example"], headers = ["x-own"]"#,
        ),
        (r#"..BASE, origins = "*""#, r#"origins = "*", headers = ["x-base"]"#),
        (
            "..MIDDLE, max_age = 600",
            r#"origins = ["https://a.example"], headers = ["x-base"], credentials, max_age = 600"#,
        ),
    ] {
        let middle = "static MIDDLE = { ..BASE, credentials }";
        let extended = expand(&format!("static X = {{ {extending} }} {middle} {BASE}"));
        let plain = expand(&format!("static X = {{ {written_out} }}"));
        assert!(!extended.contains("compile_error"), "{extending}: {extended}");
        let plain = plain.split_once("= ").unwrap().1;
        let extended = extended.split_once("; ").unwrap().1;
        assert!(
            extended.starts_with(plain.trim_end_matches([' ', ';'])),
            "{extending}: {extended}\n{plain}"
        );
    }
}

#[test]
fn unreadable() {
    let takes = "takes the name of a policy of the same";
    for base in [
        "..",
        "...",
        "..=",
        "..BASE..BASE",
        "..BASE.credentials",
        "..BASE()",
        "..5",
        "..\"BASE\"",
        "..{}",
        "..crate::BASE",
        "..a::BASE",
        "..BASE headers = [\"x\"]",
    ] {
        assert_errors(&format!("{BASE} static X = {{ {base}, credentials }}"), &[(takes, 1)]);
    }
    assert_errors(
        &format!("{BASE} static X = {{ credentials, ..BASE }}"),
        &[("comes after keys", 1)],
    );
    assert_errors(&format!("{BASE} static X = {{ ..BASE, ..BASE }}"), &[("one other at most", 1)]);
    assert_errors(
        &format!("{BASE} static X = {{ ..BASE, none }} static Y = {{ ..BASE, policy = BASE }}"),
        &[("a base and", 2), ("cannot be `none`", 1), ("declared by another", 1)],
    );
}

#[test]
fn unknown() {
    assert_errors(&format!("{BASE} static X = {{ ..BSAE }}"), &[("did you mean `BASE`", 1)]);
    assert_errors("static X = { ..BASE }", &[("there is no other policy", 1)]);
    // Neither the origins nor what a danger is for is known.
    assert_errors(
        "static X = { ..NOWHERE, dangerously_allow(null_origin) } static Y = { ..X, credentials }",
        &[("there is no policy `NOWHERE`", 1)],
    );
    let twice = format!("#[cfg(a)] {BASE} #[cfg(not(a))] {BASE} static X = {{ ..BASE }}");
    assert_errors(&twice, &[("more than once", 1)]);
}

#[test]
fn circles() {
    let extends = "extends itself";
    assert_errors("static A = { ..A }", &[(extends, 1)]);
    assert_errors("static A = { ..B } static B = { ..A }", &[(extends, 1)]);
    assert_errors(
        "static X = { ..A, credentials } static A = { ..B } static B = { ..C } static C = { ..A } \
         static D = { ..E } static E = { ..D }",
        &[(extends, 2)],
    );
    // What stands there in full is judged all the same.
    assert_errors(
        "static A = { ..B, origins = [\"https://a.example/\"] } static B = { ..A }",
        &[(extends, 1), ("[origin-path]", 1)],
    );
}

/// One mistake of a base is one error, however many extend it.
#[test]
fn mistakes_of_the_base() {
    assert_errors(
        "static A = { ..B, credentials } static B = { ..BASE, enforce } static C = { ..BASE } \
         static BASE = { origins = [\"https://a.example/\"], headers = [\"cookie\"] }",
        &[("[origin-path]", 1), ("[header-forbidden]", 1)],
    );
    assert_errors(
        "static BASE = { headers = [\"x\"] } static A = { ..BASE } static B = { ..BASE, origins = \"*\" }",
        &[("[origin-none]", 1)],
    );
    // What replaces the mistake is as good or bad as it is.
    assert_errors(
        "static BASE = { origins = [\"https://a.example/\"] } \
         static A = { ..BASE, origins = [\"https://b.example/\"] }",
        &[("[origin-path]", 2)],
    );
}

/// What shows in neither of the two alone.
#[test]
fn in_combination() {
    let insecure = "static BASE = { origins = [\"http://a.example\"] }";
    let takes = "`A`, which takes `origins` from `BASE`";
    assert_errors(&format!("{insecure} static A = {{ ..BASE, credentials }}"), &[(takes, 1)]);
    assert_errors(
        &format!("static A = {{ ..B, credentials }} static B = {{ ..BASE }} {insecure}"),
        &[(takes, 1)],
    );
    assert_errors(
        "static BASE = { origins = [\"https://a.example\"], credentials } \
         static A = { ..BASE, origins = \"*\" }",
        &[("`A` also has the keys of `BASE`", 1)],
    );
}

#[test]
fn not_in_an_attribute() {
    let item = "#[get(\"/\")] async fn x() {}".parse().unwrap();
    let expanded = expand::attribute(&Axum, &"..BASE, credentials".parse().unwrap(), item);
    let expanded = expanded.to_string();
    assert_eq!(expanded.matches("compile_error").count(), 1, "{expanded}");
    assert!(expanded.contains("extends no policy"), "{expanded}");
}
