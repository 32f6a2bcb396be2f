use super::*;
use crate::policy::Policy;

fn policy(origins: &[&str], patterns: &[&str]) -> Policy {
    let mut builder = Policy::builder().origin_patterns(patterns.iter().copied());
    if !origins.is_empty() {
        builder = builder.origins(origins.iter().copied());
    }
    builder.build().unwrap()
}

/// What the second has that the first has not: the witnesses.
#[track_caller]
fn beyond_of(before: &Policy, after: &Policy) -> Vec<String> {
    let extras = beyond(after, Some(before));
    extras.into_iter().map(|extra| extra.witness.unwrap()).collect()
}

#[track_caller]
fn same(one: &Policy, other: &Policy) {
    assert_eq!(beyond_of(one, other), [""; 0]);
    assert_eq!(beyond_of(other, one), [""; 0]);
}

#[test]
fn a_pattern_that_means_the_same_as_a_list_is_the_same() {
    same(
        &policy(&["https://a.example.com", "https://b.example.com"], &[]),
        &policy(&[], &[r"^https://[ab]\.example\.com$"]),
    );
    same(
        &policy(&["https://*.example.com"], &[]),
        &policy(&[], &[r"^https://([a-z0-9_-]+\.)+example\.com$"]),
    );
    same(
        &policy(&["https://example.com:*"], &[]),
        &policy(&[], &[r"^https://example\.com(:[0-9]+)?$"]),
    );
    same(
        &policy(&["https://*.example.com:*", "https://example.com:*"], &[]),
        &policy(&[], &[r"^https://([a-z0-9_-]+\.)*example\.com(:[0-9]{1,5})?$"]),
    );
    same(
        &policy(&["https://*.example.com"], &[]),
        &policy(&["https://*.example.com"], &[r"^https://[a-z]{2}\.example\.com$"]),
    );
}

#[test]
fn what_differs_by_one_origin_differs_by_that_one() {
    let case = |before: &Policy, after: &Policy, expected: &[&str]| {
        assert_eq!(beyond_of(before, after), expected);
    };
    case(
        &policy(&["https://example.com:*"], &[]),
        &policy(&[], &[r"^https://(example\.com(:[0-9]+)?|a\.example\.com)$"]),
        &["https://a.example.com"],
    );
    case(
        &policy(&[], &[r"^https://example\.com(:[0-9]{1,4})?$"]),
        &policy(&["https://example.com:*"], &[]),
        &["https://example.com:10000"],
    );
    case(
        &policy(&["https://example.com:8443"], &[]),
        &policy(&["https://*.example.com:8443"], &[]),
        &["https://a.example.com:8443"],
    );
    case(
        &policy(&["https://*.a.example.com"], &[]),
        &policy(&["https://*.example.com"], &[]),
        &["https://a.example.com"],
    );
    case(
        &policy(&[], &[r"^https://[a-z0-9-]+\.example\.com$"]),
        &policy(&["https://*.example.com"], &[]),
        &["https://_.example.com"],
    );
    case(
        &policy(&["http://localhost:3000"], &[]),
        &policy(&["http://localhost:*"], &[]),
        &["http://localhost"],
    );
}

#[test]
fn any_origin_has_what_no_list_has() {
    let any = policy(&["*"], &[]);
    let list = policy(&["https://attacker.example", "https://attacker.test"], &[]);
    assert_eq!(beyond_of(&list, &any), ["null"]);
    assert_eq!(beyond_of(&any, &list), [""; 0]);
}

#[test]
fn parts_of_a_wildcard_are_told_from_all_of_it() {
    let extras = |before: &[&str], after: &[&str]| {
        beyond(&policy(after, &[]), Some(&policy(before, &[])))
            .into_iter()
            .map(|extra| extra.is_part)
            .collect::<Vec<_>>()
    };
    assert_eq!(extras(&["https://a.example.com"], &["https://*.example.com"]), [true]);
    assert_eq!(extras(&["https://example.com"], &["https://*.example.com"]), [false]);
    assert_eq!(extras(&["https://*.a.example.com"], &["https://*.example.com:*"]), [true]);
}
