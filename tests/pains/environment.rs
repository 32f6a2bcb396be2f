//! Tests of what a program reads from its environment, each in a process of its own; and of what it
//! carries in itself.

use std::hint::black_box;
use std::process::{Command, Output};

/// Set in the process that a test starts.
const CHILD: &str = "PAINS_CHILD";

/// What the test of this name does in a process with these variables; `None` in that process, which
/// is to go on with the test.
pub(crate) fn with_env(test: &str, variables: &[(&str, &str)]) -> Option<Output> {
    if std::env::var_os(CHILD).is_some() {
        return None;
    }
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(CHILD, "yes")
        .env("RUST_BACKTRACE", "0")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    Some(output)
}

/// Runs the rest of a test with these variables, in another process.
macro_rules! in_env {
    ($test:expr, $variables:expr) => {
        if let Some(output) = crate::environment::with_env($test, $variables) {
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{said}");
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(said.contains("1 passed"), "{said}");
            return;
        }
    };
}

pub(crate) use in_env;

/// What a program says that is started with mistakes in three variables, whatever the framework.
pub(crate) fn reports_three_mistakes(said: &str) {
    let expected = [
        "the origins of CORS policies have 3 mistakes:\n\n",
        "environment variable `FRONT_ORIGINS`, element 2: origin `https://b.example.com/` has a trailing slash",
        "help: write `https://b.example.com`\n",
        "environment variable `PARTNER_ORIGINS`, element 1: origin `https://***@partner.example.net`",
        "environment variable `ADMIN_ORIGINS` holds no origin, and the origins of a policy come from it",
        "help: set `ADMIN_ORIGINS` to the origins of the pages, such as `https://app.example.com`",
    ];
    for words in expected {
        assert!(said.contains(words), "{words}\nis not in\n{said}");
    }
    assert!(!said.contains("secret"), "{said}");
}

/// Whether this very program has a text in it. The parts of the text are joined while it runs, since
/// else the test would put there what it looks for.
pub(crate) fn is_in_program(parts: &[&str]) -> bool {
    let text = black_box(parts).concat().into_bytes();
    let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    program.windows(text.len()).any(|window| window == text)
}
