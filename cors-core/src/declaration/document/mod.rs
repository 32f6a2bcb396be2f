//! Declarations in documents: TOML, YAML, JSON, the environment, by way of `serde`.

mod read;
mod unknown;
mod values;
mod write;
