//! Origins as regular expressions, in the syntax that PCRE and RE2 share.
//!
//! A byte that is neither a letter, a digit nor one of a few signs is written as its number, so no
//! text of a policy can end a string of the target's configuration, or mean anything in it.

use std::fmt::Write as _;

use super::automaton;
use crate::origin::automaton::Automaton;
use crate::origin::serialised::LONGEST_HOST;
use crate::origin::wildcard::{Port, Wildcard, default_port};

/// What a target's regular expressions can express.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// With look-ahead.
    Pcre,
    /// Without.
    Re2,
}

/// The longest alternative that is written, in bytes: NGINX reads no longer parameter than 4096.
pub(super) const LONGEST: usize = 3000;

/// A byte as a regular expression that matches it alone.
pub(super) fn byte(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b':' | b'_' | b'-' => {
            char::from(byte).to_string()
        }
        b'.' => r"\.".to_owned(),
        other => format!(r"\x{other:02x}"),
    }
}

/// A sign of a path as a regular expression that matches it, and its percent-encoding. Letters, digits
/// and the other unreserved characters stay as they are ([RFC 3986][1]).
///
/// [1]: https://www.rfc-editor.org/rfc/rfc3986#section-2.3
pub(super) fn byte_or_escape(sign: u8) -> String {
    let is_unreserved = sign.is_ascii_alphanumeric() || matches!(sign, b'-' | b'.' | b'_' | b'~');
    if is_unreserved {
        return byte(sign);
    }
    let digit = |digit: u8| match digit {
        0..=9 => char::from(b'0' + digit).to_string(),
        letter => format!("[{}{}]", char::from(b'a' + letter - 10), char::from(b'A' + letter - 10)),
    };
    format!("(?:{}|%{}{})", byte(sign), digit(sign >> 4), digit(sign & 15))
}

/// A text as a regular expression that matches it alone.
pub(super) fn text(text: &str) -> String {
    text.bytes().map(byte).collect()
}

/// A set of bytes as a class.
pub(super) fn class(set: &[u8]) -> String {
    if let [one] = set {
        return byte(*one);
    }
    let in_class = |it: u8| match it {
        b'-' | b'.' => format!(r"\x{it:02x}"),
        other => byte(other),
    };
    let mut text = String::from("[");
    let mut rest = set;
    while let [first, ..] = rest {
        let run = rest.iter().zip(*first..).take_while(|(byte, next)| **byte == *next).count();
        let Some((run, others)) = rest.split_at_checked(run) else { break };
        match run {
            [first, .., last] if run.len() > 2 => {
                let _ = write!(text, "{}-{}", in_class(*first), in_class(*last));
            }
            few => text.extend(few.iter().map(|byte| in_class(*byte))),
        }
        rest = others;
    }
    text.push(']');
    text
}

/// The origins of a wildcard. Without look-ahead, a host may be longer than the DNS has any.
pub(super) fn wildcard(wildcard: &Wildcard, dialect: Dialect) -> String {
    let scheme = text(&wildcard.scheme);
    let limit = match (wildcard.subdomains, dialect) {
        (true, Dialect::Pcre) => format!("(?=[^:]{{1,{LONGEST_HOST}}}(?::|$))"),
        _ => String::new(),
    };
    let labels = if wildcard.subdomains { r"(?:[a-z0-9_-]{1,63}\.)+" } else { "" };
    let port = match wildcard.port {
        Port::Default => String::new(),
        Port::Number(number) => format!(":{number}"),
        Port::Any => format!("(?::(?:{}))?", ports(default_port(&wildcard.scheme))),
    };
    format!("{scheme}://{limit}{labels}{}{port}", text(&wildcard.host))
}

/// Every port that a serialised origin can have, without leading zeros.
fn ports(default: Option<u16>) -> String {
    let short = match default {
        Some(80) => "[1-9]|[1-79][0-9]|8[1-9]|[1-9][0-9]{2}",
        Some(443) => "[1-9]|[1-9][0-9]|[1-35-9][0-9]{2}|4[0-35-9][0-9]|44[0-24-9]",
        _ => "[1-9]|[1-9][0-9]|[1-9][0-9]{2}",
    };
    let long = "[1-9][0-9]{3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]";
    format!("{short}|{long}")
}

/// The origins of a pattern, from the automaton that its proof is about; `None` if that is too long.
pub(super) fn pattern(table: &Automaton) -> Option<String> {
    automaton::regex(table).filter(|regex| regex.len() <= LONGEST)
}
