//! What an origin is: reading one, and the only way in which a browser writes it.

mod a_label;
mod address;
mod domain;
pub(crate) mod findings;
mod host;
pub(crate) mod literal;
mod misplaced_wildcard;
mod part;
mod port;
mod punycode;
pub(crate) mod scheme;
pub(crate) mod tuple;
