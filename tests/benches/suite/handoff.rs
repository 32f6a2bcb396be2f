//! What one benchmark tells the next. They are two programs, because counting what is
//! allocated takes an allocator that costs instructions and time itself.

use std::path::{Path, PathBuf};

use super::callgrind::{Cells, Cost};

#[derive(Debug, serde::Deserialize, serde::Serialize)]
pub(crate) struct Measured {
    /// `None` where there is no valgrind.
    pub(crate) costs: Option<Cells<Cost>>,
    /// The least, the median and the most nanoseconds.
    pub(crate) times: Cells<[f64; 3]>,
}

/// Where benchmarks may leave files.
pub(crate) fn directory() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("benches")
}

pub(crate) fn file() -> PathBuf {
    directory().join("measured.toml")
}
