//! What an adapter for a framework is built on.

pub(crate) mod table;
