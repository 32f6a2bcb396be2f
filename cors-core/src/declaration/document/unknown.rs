//! Keys that do not exist: all of a document together, each with what was probably meant.

use std::fmt;

use super::read::Key;
use crate::declaration::meant::{foreign, nearest};

/// How many unknown keys are shown, and how much of each.
const MOST_SHOWN: usize = 20;
const LONGEST_SHOWN: usize = 64;

/// The unknown keys of a document.
#[derive(Default)]
pub(super) struct UnknownKeys {
    shown: Vec<(String, Option<Key>)>,
    more: usize,
}

impl UnknownKeys {
    pub(super) fn push(&mut self, key: &str) {
        if self.shown.len() >= MOST_SHOWN {
            self.more += 1;
            return;
        }
        let named = Key::all().map(|key| (key.name(), key));
        let meant = foreign(key).map(Key::Field).or_else(|| nearest(key, named));
        self.shown.push((shown(key), meant));
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }
}

/// A text of the document, harmless to print.
pub(super) fn shown(text: &str) -> String {
    text.chars().take(LONGEST_SHOWN).flat_map(char::escape_debug).collect()
}

impl fmt::Display for UnknownKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [(key, Some(meant))] = self.shown.as_slice() {
            return write!(f, "unknown key `{key}`, did you mean `{}`?", meant.name());
        }
        f.write_str(if self.shown.len() == 1 { "unknown key" } else { "unknown keys" })?;
        for (index, (key, meant)) in self.shown.iter().enumerate() {
            write!(f, "{} `{key}`", if index == 0 { "" } else { "," })?;
            if let Some(meant) = meant {
                write!(f, " (did you mean `{}`?)", meant.name())?;
            }
        }
        if self.more > 0 {
            write!(f, " and {} more", self.more)?;
        }
        if self.shown.iter().any(|(_, meant)| meant.is_none()) {
            let names: Vec<&str> = Key::all().map(Key::name).collect();
            write!(f, "; the keys are `{}`", names.join("`, `"))?;
        }
        Ok(())
    }
}
