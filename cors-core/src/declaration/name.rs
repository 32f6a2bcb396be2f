//! Names that are read back into what they stand for.

use std::fmt;

/// A text that is the name of no [`Danger`](crate::Danger), or of no [`Rule`](crate::Rule).
///
/// # Examples
///
/// ```
/// let error = "null-origin".parse::<cors_core::Danger>().unwrap_err();
/// assert_eq!(error.to_string(), "no danger has the name `null-origin`");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownName {
    kind: &'static str,
    text: String,
}

impl UnknownName {
    pub(super) fn new(kind: &'static str, text: &str) -> Self {
        Self { kind, text: text.to_owned() }
    }
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no {} has the name `{}`", self.kind, self.text.escape_debug())
    }
}

impl std::error::Error for UnknownName {}
