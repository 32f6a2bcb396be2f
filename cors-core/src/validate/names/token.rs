//! The alphabet of method and header names.

/// Whether a text is a token.
///
/// <https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2>
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_token_char)
}

/// Why a text is no token, as a predicate to the text.
pub(crate) fn obstacle(text: &str) -> String {
    match text.chars().find(|&c| !is_token_char(c)) {
        None => "is empty".to_owned(),
        Some(c) if c.is_whitespace() => "has white space".to_owned(),
        Some(c) => format!("has `{}`, which no name can have", c.escape_debug()),
    }
}

/// The tokens in a text that holds several of them.
pub(crate) fn several(text: &str) -> Option<Vec<&str>> {
    let separates = |c: char| c == ',' || c == ';' || c.is_whitespace();
    let tokens: Vec<_> = text.split(separates).filter(|token| !token.is_empty()).collect();
    (tokens.len() > 1 && tokens.iter().all(|token| is_token(token))).then_some(tokens)
}

/// Whether a character may stand in a token.
fn is_token_char(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(
            c,
            '!' | '#'
                | '$'
                | '%'
                | '&'
                | '\''
                | '*'
                | '+'
                | '-'
                | '.'
                | '^'
                | '_'
                | '`'
                | '|'
                | '~'
        )
}
