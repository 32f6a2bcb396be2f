//! The command line of both programs.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;

/// Origins by tenant, from a database, changed while the service runs.
#[derive(Debug, Parser)]
pub struct Arguments {
    /// The database of the tenants, which is made if there is none.
    #[arg(default_value = "tenants.db")]
    pub database: PathBuf,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:4021")]
    pub listen: SocketAddr,
}
