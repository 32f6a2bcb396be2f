//! The names that HTTP gives to things, and what CORS makes of them.

pub(crate) mod header;
pub(crate) mod method;
pub(crate) mod token;
