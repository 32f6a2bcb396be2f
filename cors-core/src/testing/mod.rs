//! What tests use.

pub(crate) mod check;
