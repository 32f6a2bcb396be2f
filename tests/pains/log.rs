//! What operators read.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use cors_core::testing::forget_events;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;

/// The lines that this thread logs, until it is dropped.
#[derive(Debug)]
pub(crate) struct Log {
    lines: Lines,
    _listening: DefaultGuard,
    // The limit on lines is one for the whole program, so one test at a time looks at it.
    _alone: MutexGuard<'static, ()>,
}

/// Longer than the time that the limit on lines is counted for.
const REST: Duration = Duration::from_millis(1050);

impl Log {
    pub(crate) fn listen() -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        forget_events();
        let lines = Lines::default();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(lines.clone())
            .with_ansi(false)
            .without_time()
            .finish();
        let listening = tracing::subscriber::set_default(subscriber);
        Self { lines, _listening: listening, _alone: alone }
    }

    /// The lines since the last call.
    pub(crate) fn take(&self) -> Vec<String> {
        let text = std::mem::take(&mut *self.lines.0.lock().unwrap());
        String::from_utf8(text).unwrap().lines().map(str::to_owned).collect()
    }

    /// Lines are counted anew.
    #[expect(clippy::unused_self, reason = "no other test may read its log meanwhile")]
    pub(crate) fn count_anew(&self) {
        forget_events();
    }

    /// Waits until lines are counted anew.
    #[expect(clippy::unused_self, reason = "no other test may read its log meanwhile")]
    pub(crate) fn rest(&self) {
        thread::sleep(REST);
    }
}

#[derive(Debug, Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
