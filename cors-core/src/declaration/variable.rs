//! An environment variable that origins come from.

use std::borrow::Cow;

/// An environment variable that origins come from.
///
/// # Examples
///
/// ```
/// use cors_core::Variable;
///
/// let variable = Variable::required("FRONT_ORIGINS");
/// assert_eq!(variable.name(), "FRONT_ORIGINS");
/// assert!(Variable::optional("PREVIEW_ORIGINS").is_optional());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    name: Cow<'static, str>,
    is_optional: bool,
}

impl Variable {
    /// A variable that must be set, and hold an origin.
    pub fn required(name: impl Into<Cow<'static, str>>) -> Self {
        Self { name: name.into(), is_optional: false }
    }

    /// A variable that may be missing or empty: then no origin is allowed by it.
    pub fn optional(name: impl Into<Cow<'static, str>>) -> Self {
        Self { name: name.into(), is_optional: true }
    }

    /// The same as both, for a `static`.
    #[doc(hidden)]
    #[must_use]
    pub const fn from_static(name: &'static str, is_optional: bool) -> Self {
        Self { name: Cow::Borrowed(name), is_optional }
    }

    /// The name of the variable.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it may be missing or empty.
    #[must_use]
    pub const fn is_optional(&self) -> bool {
        self.is_optional
    }
}
