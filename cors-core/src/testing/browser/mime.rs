//! The essence of a MIME type ([MIME Sniffing, 4.4](https://mimesniff.spec.whatwg.org/#parse-a-mime-type)).

use crate::validate::names::token::is_token;

/// `type/subtype` in lower case; `None` if the value is no MIME type.
pub(super) fn essence(value: &str) -> Option<String> {
    const WHITE_SPACE: [char; 4] = [' ', '\t', '\r', '\n'];
    let (kind, rest) = value.trim_matches(WHITE_SPACE).split_once('/')?;
    let subtype = rest.split(';').next().unwrap_or_default().trim_end_matches(WHITE_SPACE);
    let is_type = is_token(kind) && is_token(subtype);
    is_type.then(|| format!("{kind}/{subtype}").to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_left_out() {
        assert_eq!(essence(" Text/HTML ; charset=x").as_deref(), Some("text/html"));
        assert_eq!(essence("text"), None);
        assert_eq!(essence("a/b, c/d"), None);
    }
}
