//! What a developer declares, the rules for it, and the places where it breaks them.

#[cfg(feature = "serde")]
mod document;
#[cfg(feature = "suggestions")]
pub mod meant;
pub(crate) mod name;
pub(crate) mod rule;
pub(crate) mod spec;
pub(crate) mod violation;
