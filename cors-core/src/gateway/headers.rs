//! Lists of request headers that a policy allows, as regular expressions.

use super::regex;
use crate::policy::AllowedHeaders;

/// Empty elements that a list may have: proxies that merge header fields leave a few.
const EMPTY_ELEMENTS: usize = 16;

/// The longest list where any name is allowed, in bytes.
const LONGEST_ANY_LIST: usize = 1024;

/// Every byte of a name, as a class.
const TOKEN: &str = r"[\x21\x23\x24\x25\x26\x27\x2a\x2b\x2d\x2e\x5e\x5f\x60\x7c\x7e0-9a-zA-Z]";

/// An element with a name, and the comma behind it. There is one way only to match it.
const NAMED: &str = r"[ \t]*[^, \t][^,]*,";

/// A regular expression for whole lists of names that are allowed, whatever their case, with the
/// bounds that the program has; it takes look-ahead.
pub(super) fn list(headers: &AllowedHeaders) -> String {
    let most = EMPTY_ELEMENTS;
    let empty = format!(
        "(?!(?:(?:{NAMED})*[ \\t]*,){{{}}})(?!(?:(?:{NAMED})*[ \\t]*,){{{most}}}(?:{NAMED})*[ \\t]*$)",
        most + 1
    );
    let (bounds, name) = match headers {
        AllowedHeaders::These(names) => {
            let longest = names.iter().map(|name| name.len() + 8).sum::<usize>() + EMPTY_ELEMENTS;
            let each: Vec<String> = names.iter().map(regex::text).collect();
            let more = names.len() + 1;
            let bounds =
                format!(r"(?=.{{0,{longest}}}$)(?!(?:[ \t,]*[^ \t,]+[ \t]*(?:,|$)){{{more}}})");
            (bounds, (!names.is_empty()).then(|| format!("(?:{})", each.join("|"))))
        }
        AllowedHeaders::Any => {
            let name = format!(r"(?!authorization[ \t]*(?:,|$)){TOKEN}+");
            (format!("(?=.{{0,{LONGEST_ANY_LIST}}}$)"), Some(name))
        }
        AllowedHeaders::AnyAndAuthorization => {
            (format!("(?=.{{0,{LONGEST_ANY_LIST}}}$)"), Some(format!("{TOKEN}+")))
        }
    };
    let element = match name {
        Some(name) => format!(r"[ \t]*(?:{name}[ \t]*)?"),
        None => r"[ \t]*".to_owned(),
    };
    format!("{bounds}{empty}(?:{element}(?:,|$))*")
}
