//! A lock for policies: the route tables of the shops are committed as snapshots, and a program says
//! what the difference of two means.

use std::error::Error;
use std::fs;
use std::path::Path;

use cors_core::{TableDiff, TableLock};

/// What pages can do by the second lock that they could not do by the first.
///
/// # Errors
///
/// If one of them cannot be read.
pub fn compare(before: &Path, after: &Path) -> Result<TableDiff, Box<dyn Error>> {
    Ok(TableDiff::between(&read(before)?, &read(after)?))
}

/// Reads a lock from a document, or from a snapshot of `insta`, which has a head of its own.
///
/// # Errors
///
/// If it cannot be read.
pub fn read(file: &Path) -> Result<TableLock, Box<dyn Error>> {
    let named = |error: &dyn Error| format!("{}: {error}", file.display());
    let text = fs::read_to_string(file).map_err(|error| named(&error))?;
    let document = match text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")) {
        Some((_, document)) => document,
        None => &text,
    };
    Ok(toml::from_str(document).map_err(|error| named(&error))?)
}
