//! The rules about the time that a browser may keep the answer to a preflight.

use super::sink::{Sink, quote};
use crate::declaration::rule::Rule;
use crate::declaration::spec::{MaxAge, PolicySpec};
use crate::declaration::violation::{Field, Location};

/// No browser keeps the answer longer: Firefox caps at this, Chromium at 7200 seconds,
/// Safari at 600.
pub(super) const LONGEST: i64 = 86_400;

/// Applies the rules about `max_age`, and returns it in seconds.
pub(crate) fn check(spec: &PolicySpec, sink: &mut Sink) -> Option<u32> {
    let declared = spec.max_age.as_ref()?;
    let (text, seconds) = match declared {
        MaxAge::Seconds(seconds) => (seconds.to_string(), Some(*seconds)),
        MaxAge::Text(text) => (text.clone(), seconds(text)),
    };
    let at = Location::field(Field::MaxAge);
    if sink.is_too_long("max_age", at.clone(), &text) {
        return None;
    }
    let shown = quote(&text);
    match seconds {
        None => {
            let (message, help) = unreadable(&text);
            sink.report(Rule::MaxAgeFormat, at, &text, message, help);
        }
        Some(..0) => sink.report(
            Rule::MaxAgeNegative,
            at,
            &text,
            format!("max_age {shown} is negative"),
            "write `0` to keep browsers from remembering, or a number of seconds",
        ),
        Some(0..=LONGEST) => return seconds.and_then(|seconds| u32::try_from(seconds).ok()),
        Some(_) => sink.report(
            Rule::MaxAgeTooLong,
            at,
            &text,
            format!(
                "max_age {shown} is longer than the {LONGEST} seconds that any browser honours"
            ),
            "write `86400` or less; Chromium caps at `7200`, Safari at `600`",
        ),
    }
    None
}

/// Digits and a unit, or digits alone.
fn seconds(text: &str) -> Option<i64> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (digits, unit) = cut(unsigned);
    if digits.is_empty() {
        return None;
    }
    let factor = match unit {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return None,
    };
    // What doesn't fit is too long in any case.
    let amount = digits.parse::<i64>().unwrap_or(i64::MAX);
    Some(amount.saturating_mul(factor).saturating_mul(sign))
}

/// The digits at the start, and the rest.
fn cut(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// What is wrong with a text that is no time, and what to write.
fn unreadable(text: &str) -> (String, String) {
    let shown = quote(text);
    let (digits, unit) = cut(text.trim());
    let unit = unit.trim();
    let message = if digits.is_empty() {
        format!("max_age {shown} is not a time")
    } else if text.contains(char::is_whitespace) {
        format!("max_age {shown} has white space")
    } else if unit.starts_with(|c: char| c.is_ascii_alphabetic()) {
        format!("max_age {shown} has the unit {}, which does not exist", quote(unit))
    } else {
        format!("max_age {shown} is not a whole number and a unit")
    };
    let known = match unit.to_ascii_lowercase().as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" => Some("s"),
        "m" | "min" | "mins" | "minute" | "minutes" => Some("m"),
        "h" | "hr" | "hrs" | "hour" | "hours" => Some("h"),
        "d" | "day" | "days" => Some("d"),
        _ => None,
    };
    let help = match known {
        Some(known) if !digits.is_empty() => format!("write `\"{digits}{known}\"`"),
        _ => "write seconds, or a number with one of the units `s`, `m`, `h`, `d`: \
              `7200`, `\"2h\"`"
            .to_owned(),
    };
    (message, help)
}
