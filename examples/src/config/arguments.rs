//! The command line of both programs.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;

/// An API that learns its origins where it is deployed.
#[derive(Debug, Parser)]
pub struct Arguments {
    /// The file with the settings.
    #[arg(default_value = "examples/config.toml")]
    pub file: PathBuf,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:4031")]
    pub listen: SocketAddr,
}
