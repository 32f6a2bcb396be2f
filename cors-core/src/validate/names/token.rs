//! The alphabet of method and header names.

/// Whether a text is a token.
///
/// <https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2>
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_token_byte)
}

/// Why a text is no token, as a predicate to the text.
pub(crate) fn obstacle(text: &str) -> String {
    match text.chars().find(|c| !u8::try_from(*c).is_ok_and(is_token_byte)) {
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

/// Whether a byte may stand in a token.
pub(crate) fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
