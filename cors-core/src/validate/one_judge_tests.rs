//! A literal and the pattern that matches exactly that text get the same verdict, by the same rules.
//!
//! `ONE_JUDGE=100000` sets how many texts are tried, `ONE_JUDGE_SEED` where the dice start.

use std::collections::BTreeSet;
use std::env;

use crate::declaration::rule::Rule;
use crate::declaration::spec::{Danger, PolicySpec};
use crate::origin::parse::literal::parse;
use crate::pattern::is_origin;

/// A small pseudo-random generator (xorshift), so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }
}

fn number(name: &str, usual: u64) -> u64 {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[rustfmt::skip]
const SCHEMES: &[&str] = &[
    "https", "https", "https", "http", "http", "HTTP", "Https", "file", "FILE", "app", "tauri",
    "capacitor", "chrome-extension", "moz-extension", "safari-web-extension", "mailto", "chrome",
    "view-source", "blob", "ws", "wss", "data", "about", "javascript", "ftp", "a+b.c-d", "1a", "",
    "ht!tp", "x", "httpsx", "urn", "tel", "filex", "App", "devtools",
];

#[rustfmt::skip]
const HOSTS: &[&str] = &[
    "example.com", "a.example.com", "Example.com", "EXAMPLE", "example.com.", "example..com", ".example.com",
    "", ".", "..", "localhost", "a.localhost", "localhost.", "LOCALHOST", "intranet", "github.io",
    "alice.github.io", "co.uk", "com", "xn--rsum-bpad.com", "xn--a.example", "xn--.example",
    "xn--abc-.example", "XN--RSUM-BPAD.com", "xn--99999999.com", "résumé.com", "ü", "ſ.com", "1.2.3.4",
    "1.2.3.4.", "1.2.3", "127.0.0.1", "127.1", "256.1.1.1", "0x7f.1", "1.2.3.4.5", "01.2.3.4", "a.1",
    "a.0x", "10.0.0.1", "[::1]", "[::0]", "[::1", "::1]", "::1", "[1:2:3:4:5:6:7:8]", "[1:0:0:2::3]",
    "[2001:DB8::1]", "[2001:db8::1]", "[::ffff:1.2.3.4]", "[::ffff:102:304]", "[fe80::1%25eth0]", "[]",
    "a_b.example.com", "-a.example.com", "a-.example.com", "a--b.example.com", "a!b.com", "a$b", "a%41.com",
    "a b.com", "a\tb", "a@b.com", "user:pw@example.com", "a,b.com", "a;b", "a'b", "a(b", "a|b", "a^b", "a~b",
    "-", "_", "a\\b", "ab\u{7f}", "\u{0}", "a\n", "x.y.z.example.co.uk", "1b2c3d4e-0000-4000-8000-0123456789ab",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com",
];

#[rustfmt::skip]
const USUAL_HOSTS: &[&str] = &[
    "example.com", "app.example.co.uk", "localhost", "127.0.0.1", "[::1]", "intranet", "github.io", "192.168.0.1",
    "xn--rsum-bpad.com", "alice.github.io", "a.localhost", "1b2c3d4e-0000-4000-8000-0123456789ab", "-", "x",
];

#[rustfmt::skip]
const PORTS: &[&str] = &[
    "", "", "", "", ":0", ":00", ":1", ":80", ":443", ":080", ":0443", ":8443", ":65535", ":65536", ":99999999999",
    ":", ":a", ":8a", "::80", ":-1", ": 80", ":21",
];

#[rustfmt::skip]
const TAILS: &[&str] = &["", "", "", "", "", "", "", "/", "/a", "?q", "#f", " ", "\\", "//", ",https://b.com"];

const WHOLE: &[&str] =
    &["null", "NULL", "file://", "", "://", "https://", "null ", "//example.com", "example.com:80"];

const LETTERS: &[char] = &[
    'a', 'z', 'A', '0', '1', '9', '.', '-', '_', ':', '/', '[', ']', '@', '!', '%', '?', '#', ' ',
    'ü', '$', '^', '(', '|', '\\', '\n', '&', '~', '+', '{',
];

fn random_text(dice: &mut Dice) -> String {
    let mut text = if dice.roll(40) == 0 {
        dice.pick(WHOLE).to_owned()
    } else {
        let separator = if dice.roll(9) == 0 { dice.pick(&[":", ":/", ""]) } else { "://" };
        // Half of all texts are what people write, and the other half is nearly that.
        let scheme = if dice.roll(2) == 0 { "https" } else { dice.pick(SCHEMES) };
        let hosts = if dice.roll(2) == 0 { USUAL_HOSTS } else { HOSTS };
        let host = dice.pick(hosts);
        let host = match dice.roll(6) {
            0 => format!("{}.{host}", dice.pick(HOSTS)),
            _ => host.to_owned(),
        };
        let port = if dice.roll(2) == 0 { "" } else { dice.pick(PORTS) };
        let tail = if dice.roll(4) == 0 { dice.pick(TAILS) } else { "" };
        format!("{scheme}{separator}{host}{port}{tail}")
    };
    while dice.roll(6) == 0 {
        let mut letters: Vec<char> = text.chars().collect();
        let letter = LETTERS[dice.roll(LETTERS.len())];
        let at = dice.roll(letters.len() + 1);
        match dice.roll(3) {
            0 if at < letters.len() => letters[at] = letter,
            1 if at < letters.len() => drop(letters.remove(at)),
            _ => letters.insert(at, letter),
        }
        text = letters.into_iter().collect();
    }
    text
}

/// A pattern that matches one text alone, in one of many spellings.
fn spelled(text: &str, dice: &mut Dice) -> String {
    let mut body = String::new();
    for c in text.chars() {
        let escaped = regex_syntax::escape(&c.to_string());
        let spelling = match dice.roll(12) {
            0 => format!("(?:{escaped})"),
            1 => format!("({escaped}){{1}}"),
            2 if c.is_ascii_alphanumeric() => format!("[{c}]"),
            3 if c.is_ascii() => format!("\\x{:02x}", u32::from(c)),
            _ => escaped,
        };
        body.push_str(&spelling);
    }
    match dice.roll(6) {
        0 => format!("^({body})$"),
        1 => format!("(?:^{body}$)"),
        2 => format!("(?m)^{body}$"),
        3 => format!("^(?:{body}$)"),
        _ => format!("^{body}$"),
    }
}

fn rules(spec: &PolicySpec) -> Vec<Rule> {
    spec.build().err().iter().flatten().map(crate::Violation::rule).collect()
}

/// Rules about what the language of origins leaves open, or what only notations need.
const BEYOND_THE_LANGUAGE: &[Rule] = &[
    Rule::OriginLabelHyphen,
    Rule::OriginLabelLong,
    Rule::OriginLabelPunycode,
    Rule::OriginHostLong,
    Rule::OriginHostCharacter,
    // `(` and `$` in a host, which look like a regular expression, and `,` and `;` in one, which look
    // like a list.
    Rule::OriginPattern,
];

#[test]
fn literals_and_patterns_get_one_verdict() {
    let seed = number("ONE_JUDGE_SEED", 1);
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678);
    let (mut accepted, mut refused) = (0_u64, 0_u64);
    let mut violated = BTreeSet::new();
    for _ in 0..number("ONE_JUDGE", 2000) {
        let text = random_text(&mut dice);
        // A notation of the list: no text that an origin could have.
        if text.contains('*') {
            continue;
        }
        let pattern = spelled(&text, &mut dice);
        let are_named = dice.roll(3) == 0;
        let dangers = Danger::ALL.iter().copied().filter(|_| are_named && dice.roll(3) == 0);
        let dangers: Vec<Danger> = dangers.collect();
        for credentials in [true, false] {
            let spec = PolicySpec {
                credentials,
                dangerously_allow: dangers.clone(),
                enforce: dice.roll(4) == 0,
                ..PolicySpec::default()
            };
            let literal = PolicySpec { origins: vec![text.clone()], ..spec.clone() };
            let exact = PolicySpec { origin_patterns: vec![pattern.clone()], ..spec };
            let (by_list, by_pattern) = (rules(&literal), rules(&exact));
            assert_eq!(by_list, by_pattern, "{text:?} and {pattern:?}, {dangers:?} {credentials}");
            violated.extend(by_list.iter().map(|rule| rule.as_str()));
            if by_list.is_empty() { accepted += 1 } else { refused += 1 }
        }
        // What the literal may be, the language holds: without it, no pattern would match.
        let is_in_language = is_origin(&text);
        let problems: Vec<Rule> = parse(&text).problems.iter().map(|it| it.rule).collect();
        if problems.is_empty() {
            assert!(is_in_language, "{text:?} is in no language");
        } else if is_in_language {
            let is_known = problems.iter().all(|rule| BEYOND_THE_LANGUAGE.contains(rule));
            assert!(is_known, "{text:?} is in the language: {problems:?}");
        }
    }
    println!(
        "{accepted} verdicts accept, {refused} refuse, by {} rules: {violated:?}",
        violated.len()
    );
    assert!(accepted > 100 && refused > 100 && violated.len() > 20);
}
