//! Origins that change while the service runs: `live` of the file, which is read again at `SIGHUP`.

use std::path::{Path, PathBuf};

use cors_axum::policy;

use super::{Mistakes, Settings};

policy! {
    /// The pages of `live`, for handlers of either framework.
    pub(super) static LIVE = { origins = runtime, credentials, max_age = "10m" }
}

/// Reads the file again at each `SIGHUP`, for as long as the service runs.
///
/// The next request is decided by what is written there then. If that is not in order, the log says
/// all of it, and the origins stay as they were.
///
/// # Errors
///
/// If the system takes no handler of signals.
#[cfg(unix)]
pub fn reload_at_hangup(file: PathBuf) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut hangups = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while hangups.recv().await.is_some() {
            match reload(&file) {
                Ok(()) => tracing::info!("read {} again", file.display()),
                Err(mistakes) => tracing::error!("{} is not used:\n{mistakes}", file.display()),
            }
        }
    });
    Ok(())
}

/// There is no such signal: the file is read at the start.
#[cfg(not(unix))]
pub fn reload_at_hangup(_: PathBuf) -> std::io::Result<()> {
    Ok(())
}

/// Replaces the origins by those in the file.
fn reload(file: &Path) -> Result<(), Mistakes> {
    Ok(Settings::read(file)?.set_live()?)
}
