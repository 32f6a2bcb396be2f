//! A second way to the same verdicts: whether anything is left when the declared sites, and all that
//! lies below them, are taken away.

use super::{
    Question,
    compile::Pattern,
    dfa::{Classes, Dfa, Outline},
    judge,
    origins::{ACCEPTS, DOMAIN},
};
use crate::origin::suffix::has_rules_below;

/// The hosts of an automaton that are not, and are not below, one of the sites.
fn outside(admitted: &Dfa, sites: &[&str]) -> Dfa {
    let names: Vec<String> = sites.iter().map(|site| site.replace('.', r"\.")).collect();
    let text = format!(r"^https?://([^:]*\.)?({})\.?(:[0-9]*)?$", names.join("|"));
    let Ok(inside) = Pattern::new(&text) else {
        panic!("{text}");
    };
    let inside = inside.complete(|accepts| 1 | (u16::from(accepts) << 3));
    let domains = admitted.restrict(|output| output & ACCEPTS == DOMAIN);
    let width = inside.len();
    let part = |key: usize| {
        let state = |number: usize| u16::try_from(number).unwrap();
        (state(key / width), state(key % width))
    };
    let outline = Outline {
        classes: Classes::group(|byte| Some((domains.classes.of(byte), inside.classes.of(byte)))),
        keys: domains.len() * width,
        start: usize::from(domains.start()) * width + usize::from(inside.start()),
        step: |key, byte| {
            let (domain, inside_state) = part(key);
            match domains.step(domain, byte) {
                0 => 0,
                next => usize::from(next) * width + usize::from(inside.step(inside_state, byte)),
            }
        },
        output: |key| {
            let (domain, inside_state) = part(key);
            let is_inside = inside.output(inside_state) & 0b1000 != 0;
            u16::from(domains.output(domain) & ACCEPTS != 0 && !is_inside)
        },
    };
    Dfa::explore(&outline, 60_000).unwrap()
}

#[test]
fn nothing_is_left_outside_the_sites() {
    let bodies = [
        r"https://([a-z0-9-]+\.)*example\.com(:\d+)?",
        r"https://.*example\.com",
        r"https://.*\.example\.com",
        r"https?://(.+\.)?example\.(com|net|org)",
        r"https://(www|api)[.-]example\.com",
        r"https://www.example.com",
        r"https://example.com",
        r"https://[a-z]+\.alice\.github\.io",
        r"https://[a-z]+\.github\.io",
        r"https://([a-z]+\.)*city\.kawasaki\.jp",
        r"https://([a-z]+\.)*kawasaki\.jp",
        r"https://example\.com\.?",
        r"https://(example\.com|example\.net|www\.example\.org):\d+",
        r"https://[a-c]{2}\.com",
        r"https://[^.]+\.example\.com",
        r"https://[^/]+example\.com.?",
        r"http://(localhost|example\.com)(:\d+)?",
    ];
    let declarations: [&[&str]; 6] = [
        &["example.com"],
        &["example.com", "example.net", "example.org"],
        &["alice.github.io", "example.com"],
        &["city.kawasaki.jp"],
        &["example.com", "api-example.com", "www-example.com"],
        &["aa.com", "ab.com", "ac.com", "ba.com", "bb.com", "bc.com", "ca.com", "cb.com", "cc.com"],
    ];
    let mut passed = 0;
    for body in bodies {
        let text = format!("^{body}$");
        let Ok(Ok(admitted)) = Pattern::new(&text).map(|pattern| pattern.admitted()) else {
            panic!("{text}");
        };
        for sites in declarations {
            assert!(sites.iter().all(|site| !has_rules_below(site)));
            let question = Question { pattern: &text, sites, credentials: false, allowed: &[] };
            let verdict = judge(&question);
            // `localhost` has no site, and is allowed besides.
            let with_localhost: Vec<&str> = sites.iter().copied().chain(["localhost"]).collect();
            let left = outside(&admitted, &with_localhost);
            assert_eq!(verdict.is_ok(), left.is_empty(), "{text} {sites:?}");
            passed += usize::from(verdict.is_ok());
        }
    }
    assert!(passed > 12, "{passed}");
}
