//! A lock for policies: the routes with their policies as a document that is committed, and what a
//! change of it lets pages do that they could not do before.

mod diff;
mod document;
mod language;
mod table;

pub use self::diff::{Change, Effect, TableDiff};
pub use self::table::TableLock;
