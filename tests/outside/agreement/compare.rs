//! What is compared, and how differences are shown.

use std::fmt::Write;

use serde::Deserialize;

use super::mirror::Arrived;
use super::plan::Plan;

/// What a page saw of a call.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Seen {
    Failed {
        error: String,
    },
    Response {
        kind: String,
        status: u16,
        url: String,
        redirected: bool,
        headers: Vec<(String, String)>,
        body: String,
    },
}

/// Which of several headers the console names depends on how Chromium hashes their names.
pub(crate) fn without_name(line: String, plan: &Plan) -> String {
    const BEFORE: &str = "Request header field ";
    let has_several = plan.calls.iter().any(|it| it.headers.len() > 1);
    match line.split_once(BEFORE) {
        Some((start, rest)) if has_several => {
            let (_, end) = rest.split_once(' ').unwrap_or_default();
            format!("{start}{BEFORE}... {end}")
        }
        _ => line,
    }
}

/// All that one browser made of a plan.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Trace {
    pub(crate) seen: Vec<Seen>,
    pub(crate) console: Vec<String>,
    pub(crate) arrived: Vec<Arrived>,
}

impl Trace {
    /// What differs, in words; `None` if nothing does.
    pub(crate) fn difference(&self, simulated: &Self, plan: &Plan) -> Option<String> {
        if self == simulated {
            return None;
        }
        let mut text = format!("{plan:#?}\n");
        list(&mut text, "seen", &self.seen, &simulated.seen);
        list(&mut text, "console", &self.console, &simulated.console);
        list(&mut text, "arrived", &self.arrived, &simulated.arrived);
        Some(text)
    }
}

fn list<T: PartialEq + std::fmt::Debug>(text: &mut String, what: &str, real: &[T], mock: &[T]) {
    for index in 0..real.len().max(mock.len()) {
        let (real, mock) = (real.get(index), mock.get(index));
        if real != mock {
            let _ = writeln!(text, "{what} {index}:\n  Chromium {real:?}\n  ours     {mock:?}");
        }
    }
}
