//! Origins: how a declared one is read, and how a request's is looked up.

pub(crate) mod automaton;
pub(crate) mod exact;
pub(crate) mod keys;
pub(crate) mod parse;
pub(crate) mod patterns;
pub(crate) mod serialised;
pub(crate) mod set;
pub mod suffix;
pub(crate) mod wildcard;
pub(crate) mod wildcards;
