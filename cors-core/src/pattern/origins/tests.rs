mod brackets;

use std::{env, fmt::Write as _, fs};

use super::{
    ADDRESS_4, ADDRESS_6, CUSTOM, DOMAIN, FILE, HOST, HOST_START, INSECURE, NULL, PORT, START,
    output, step, table,
};
use crate::origin::parse::scheme::WITHOUT_PAGES;
use crate::pattern::{
    compile,
    dfa::{Classes, Dfa, Outline},
    minimize::minimize,
};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/pattern/origins/table.rs");

/// The language, as the bits of what each of these expressions says about a prefix of an origin.
fn definitions() -> Vec<String> {
    // The characters of a host that the URL standard neither forbids nor changes.
    let label = r#"[a-z0-9_!$&'()*+,;=`{}"~-]+"#;
    let host = format!(r"{label}(\.{label})*\.?");
    let opaque = r"([a-z0-9_.-]+|\[[0-9a-f:]+\])";
    let octet = "([0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])";
    let ip4 = format!(r"{octet}(\.{octet}){{3}}");
    let ip6 = r"\[[0-9a-f:]*:[0-9a-f:]*\]";
    let port =
        "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";
    let scheme = "[a-z][a-z0-9+.-]*";
    let without_pages = WITHOUT_PAGES.join("|");
    vec![
        format!("^https://({host}|{ip6})(:{port})?$"),
        format!("^http://({host}|{ip6})(:{port})?$"),
        "^(https://.*:443|http://.*[^:]:80)$".into(),
        r"^https?://([^:]*\.)?([0-9]+|0x[0-9a-f]*)\.?(:.*)?$".into(),
        format!("^https?://{ip4}(:.*)?$"),
        format!("^https?://{ip6}(:[0-9]*)?$"),
        format!(r"^https?://((.+\.)?localhost|127(\.{octet}){{3}}|\[::1\])(:[0-9]*)?$"),
        format!("^({scheme}://{opaque}(:{port})?|file://|null)$"),
        format!("^((https?|{without_pages}):|file://.)"),
        format!("^{scheme}://$"),
        format!(r"^{scheme}://([^:\[]+|\[[^\]]*\]?)$"),
        format!(r"^{scheme}://([^:\[]*|\[[^\]]*\]):"),
    ]
}

/// The output of a state, from the bits of the definitions that hold for what leads to it.
fn meaning(bits: u16) -> u16 {
    let holds = |definition: u16| bits & (1 << definition) != 0;
    let web = (holds(0) || holds(1)) && !holds(2);
    let part = match (holds(9), holds(10), holds(11)) {
        (true, ..) => HOST_START,
        (_, true, _) => HOST,
        (.., true) => PORT,
        _ => 0,
    };
    let kind = if !holds(12) {
        0
    } else if web && holds(4) {
        ADDRESS_4
    } else if web && holds(5) {
        ADDRESS_6
    } else if web && !holds(3) {
        DOMAIN
    } else if holds(7) && !holds(8) {
        match part {
            0 => NULL,
            HOST_START => FILE,
            _ => CUSTOM,
        }
    } else {
        0
    };
    let insecure = if web && kind != 0 && holds(1) && !holds(6) { INSECURE } else { 0 };
    kind | insecure | part
}

/// All the definitions at once: an automaton whose output has one bit for each.
///
/// The bits stand above the lowest three, of which one is always set: nothing is cut off then. The
/// last bit says that what is in brackets is an IPv6 address as browsers write it.
fn all() -> Dfa {
    let definitions = definitions();
    let last = definitions.len();
    let automata = definitions.into_iter().enumerate().map(|(index, text)| {
        let Ok(pattern) = compile::Pattern::new(&text) else {
            panic!("{text}");
        };
        pattern.complete(|accepts| bit(index, accepts))
    });
    let brackets = std::iter::once(brackets::automaton(|sound| bit(last, sound)));
    automata.chain(brackets).reduce(|left, right| both(&left, &right)).unwrap()
}

fn bit(definition: usize, holds: bool) -> u16 {
    1 | (u16::from(holds) << (definition + 3))
}

fn both(left: &Dfa, right: &Dfa) -> Dfa {
    let width = right.len();
    let part = |key: usize| {
        let state = |number: usize| u16::try_from(number).unwrap();
        (state(key / width), state(key % width))
    };
    let outline = Outline {
        classes: Classes::group(|byte| Some((left.classes.of(byte), right.classes.of(byte)))),
        keys: left.len() * width,
        start: usize::from(left.start()) * width + usize::from(right.start()),
        step: |key, byte| {
            let (a, b) = part(key);
            usize::from(left.step(a, byte)) * width + usize::from(right.step(b, byte))
        },
        output: |key| {
            let (a, b) = part(key);
            left.output(a) | right.output(b)
        },
    };
    Dfa::explore(&outline, 60_000).unwrap()
}

#[test]
fn the_table_is_the_one_that_the_definitions_give() {
    let all = all();
    let outline = Outline {
        classes: all.classes.clone(),
        keys: all.len(),
        start: all.start().into(),
        step: |key: usize, byte| all.step(u16::try_from(key).unwrap(), byte).into(),
        output: |key: usize| meaning(all.output(u16::try_from(key).unwrap()) >> 3),
    };
    let language = Dfa::explore(&outline, 60_000).unwrap();
    let minimal = minimize(&language, |output| output).unwrap();
    // `minimize` gives class 0 to the byte 0, which is what occurs in no origin.
    let mut text = String::new();
    let note = "// Made by the test beside this file with UPDATE_ORIGINS=1; do not edit.";
    writeln!(text, "{note}").unwrap();
    let rows = minimal.rows.len();
    let outputs = &minimal.outputs;
    writeln!(text, "pub(super) const STRIDE: usize = {};", minimal.stride).unwrap();
    writeln!(text, "pub(super) static CLASSES: [u8; 128] = {:?};", minimal.classes).unwrap();
    writeln!(text, "pub(super) static OUTPUTS: [u8; {}] = {outputs:?};", outputs.len()).unwrap();
    writeln!(text, "pub(super) static ROWS: [u16; {rows}] = {:?};", minimal.rows).unwrap();
    if env::var_os("UPDATE_ORIGINS").is_some() {
        fs::write(TABLE, &text).unwrap();
        return;
    }
    assert_eq!(fs::read_to_string(TABLE).unwrap(), text, "run with UPDATE_ORIGINS=1");
}

#[track_caller]
fn case(origin: &str, expected: u16) {
    let state = origin.bytes().fold(START, step);
    let found = output(state) & (super::ACCEPTS | INSECURE);
    let expected = if expected == 0 { 0 } else { expected };
    assert_eq!(found, expected, "{origin}");
}

#[test]
fn kinds() {
    case("https://example.com", DOMAIN);
    case("http://example.com", DOMAIN | INSECURE);
    case("http://localhost:3000", DOMAIN);
    case("http://a.localhost", DOMAIN);
    case("http://xlocalhost", DOMAIN | INSECURE);
    case("http://localhost.evil.com", DOMAIN | INSECURE);
    case("https://example.com.", DOMAIN);
    case("https://example.com_.evil.net:8443", DOMAIN);
    case("https://example.com:80", DOMAIN);
    case("https://example.com:65535", DOMAIN);
    case("https://1.2.3.4", ADDRESS_4);
    case("http://127.8.0.1:80", 0);
    case("http://127.8.0.1:8080", ADDRESS_4);
    case("http://10.0.0.1", ADDRESS_4 | INSECURE);
    case("http://[::1]:80", 0);
    case("http://[::1]:8080", ADDRESS_6);
    case("https://[2001:db8::1]", ADDRESS_6);
    case("http://[2001:db8::80]", ADDRESS_6 | INSECURE);
    case("https://a.1e5", DOMAIN);
    case("null", NULL);
    case("capacitor://localhost", CUSTOM);
    case("file://", FILE);
    case("app://[::1]:80", CUSTOM);
    case("ahttps://x:443", CUSTOM);
}

#[test]
fn what_no_browser_sends() {
    for origin in [
        "",
        "https://",
        "https://Example.com",
        "https://example.com/",
        "https://example.com:443",
        "http://example.com:80",
        "https://example.com:",
        "https://example.com:08",
        "https://example.com:65536",
        "https://user@example.com",
        "https://a..b",
        "https://.a",
        "https://a.com..",
        "https://1.2.3",
        "https://1.2.3.4.",
        "https://a.0x1f",
        "https://256.1.1.1",
        "https://[1]",
        "https://a%41.com",
        "https://a b",
        "https://a|b",
        "nullx",
        "://x",
        "1a://x",
        "https://example.com:0",
        "app://x:0",
        "app://",
        "app://X",
        "file://x",
        "file:///",
        "mailto://x",
        "view-source://x",
        "wss://x",
        "https://[::0]",
        "https://[0:0::1]",
        "https://[1:0:0:2::3:4]",
        "https://[1:2:3:4:5:6:7::]",
        "https://[::1:2:3:4:5:6:7]",
        "https://[::01]",
        "https://[::A]",
        "https://[1:2:3:4:5:6:7]",
        "https://[1:2:3:4:5:6:7:8:9]",
        "https://[1::2::3]",
        "https://[:::]",
        "https://[::ffff:1.2.3.4]",
        "app://[::0]",
    ] {
        case(origin, 0);
    }
}

#[test]
fn the_table_fits_its_types() {
    assert!(u16::try_from(table::OUTPUTS.len()).is_ok());
    assert_eq!(table::ROWS.len(), table::OUTPUTS.len() * table::STRIDE);
}
