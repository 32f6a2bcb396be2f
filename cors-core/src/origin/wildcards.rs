//! Wildcards: a bounded number of look-ups, however many wildcards there are, and however deep.
//!
//! A few are compared one after the other. For more there is a hash table, in which an origin is
//! looked up by the last labels of its host: as many as some wildcard has. Which number of labels is
//! the right one is found by bisection (Waldvogel et al., "Scalable High Speed IP Routing Lookups",
//! 1997): wherever a deeper wildcard would be missed, the table has a [`Marker`] that says to go on
//! there. Hosts have at most 127 labels, which are seven steps, and most lists have two or three depths.

mod build;
mod table;

pub use self::table::{Marker, WildcardTable};

use std::borrow::Cow;

use super::serialised::Serialised;
use super::wildcard::Wildcard;

/// How many wildcards are looked at one after the other, which then costs less.
const FEW: usize = 8;

/// A set of wildcards.
#[derive(Debug, Clone)]
pub struct Wildcards {
    /// In the order of the declaration.
    pub list: Cow<'static, [Wildcard]>,
    /// Where they are looked up; none where they are few.
    pub table: Option<WildcardTable>,
}

impl Wildcards {
    /// No wildcard.
    pub const NONE: Self = Self { list: Cow::Borrowed(&[]), table: None };

    pub(crate) fn new(list: Vec<Wildcard>) -> Self {
        let table = (list.len() > FEW).then(|| WildcardTable::new(&list));
        Self { list: list.into(), table }
    }

    /// Whether a wildcard stands for a serialised origin.
    pub(crate) fn matches(&self, origin: &[u8]) -> bool {
        if self.list.is_empty() {
            return false;
        }
        let Some(origin) = Serialised::read(origin) else { return false };
        match &self.table {
            None => self.list.iter().any(|wildcard| wildcard.stands_for(&origin)),
            Some(table) => table.matches(&self.list, &origin),
        }
    }
}

#[cfg(test)]
mod tests;
