//! The configured API, on both frameworks: the file, what overrides it, and a start with mistakes in
//! everything, which says all of them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod program;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use program::Program;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/config.toml");

const APP: &str = "https://app.example.com";
const ADMIN: &str = "https://admin.example.com";
const FRONT: &str = "https://front.example.com";
const STAGING: &str = "https://staging.example.com";

#[test]
fn the_file_alone() {
    for program in PROGRAMS {
        let api = start(program, &[("FRONT_ORIGINS", FRONT)]);
        for page in [APP, ADMIN] {
            assert!(is_allowed(&api, page, "PUT", "/articles/1"), "{program}, {page}");
            assert!(!is_allowed(&api, page, "GET", "/front"), "{program}, {page}");
        }
        assert!(is_allowed(&api, FRONT, "GET", "/front"), "{program}");
        assert!(!is_allowed(&api, FRONT, "PUT", "/articles/1"), "{program}");
    }
}

#[test]
fn a_variable_overrides_the_file() {
    for program in PROGRAMS {
        let origins = format!("{APP}, {STAGING}");
        let api = start(program, &[("FRONT_ORIGINS", FRONT), ("APP_CORS__ORIGINS", &origins)]);
        for page in [APP, STAGING] {
            assert!(is_allowed(&api, page, "PUT", "/articles/1"), "{program}, {page}");
        }
        assert!(!is_allowed(&api, ADMIN, "PUT", "/articles/1"), "{program}");
    }
}

#[test]
fn a_start_with_mistakes_reports_all_of_them() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mistakes.toml");
    let text = "[cors]\norigins = ['https://app.example.com/']\ncredentials = true\n\
                headers = ['cookie', 'content type']\n";
    fs::write(&file, text).unwrap();
    let variables = [("APP_CORS__MAX_AGE", "2 fortnights"), ("FRONT_ORIGINS", "front.example.com")];
    let rules = [
        "[origin-path]",
        "[header-forbidden]",
        "[header-token]",
        "[max-age-format]",
        "`FRONT_ORIGINS`",
    ];
    for program in PROGRAMS {
        let message = fail(Command::new(program).arg(&file).envs(variables));
        for rule in rules {
            assert!(message.contains(rule), "{program}, {rule}:\n{message}");
        }
    }
}

/// The origins of a handler are replaced while the service runs, or stay as they were.
#[cfg(unix)]
#[test]
fn the_file_is_read_again() {
    let live = |origins: &str| format!("live = {origins}\n[cors]\norigins = ['{APP}']\n");
    for (index, program) in PROGRAMS.into_iter().enumerate() {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("live-{index}.toml"));
        fs::write(&file, live("['https://one.example.com']")).unwrap();
        let mut command = Command::new(program);
        command.arg(&file).args(["--listen", "127.0.0.1:0"]).env("FRONT_ORIGINS", FRONT);
        let api = Program::start(&mut command);
        let is_live = |page: &str| is_allowed(&api, page, "GET", "/live");
        assert!(is_live("https://one.example.com") && !is_live("https://two.example.com"));

        fs::write(&file, live("['https://two.example.com']")).unwrap();
        assert!(!is_live("https://two.example.com"), "{program} was not told yet");
        assert!(api.hang_up(), "{program}");
        assert!(is_live("https://two.example.com") && !is_live("https://one.example.com"));

        // Refused as a whole; the last ones stay.
        fs::write(&file, live("['https://three.example.com', 'http://three.example.com']"))
            .unwrap();
        assert!(!api.hang_up(), "{program}");
        assert!(is_live("https://two.example.com") && !is_live("https://three.example.com"));
    }
}

#[test]
fn a_key_that_another_library_has() {
    for program in PROGRAMS {
        let message = fail(Command::new(program).arg(FILE).env("APP_CORS__ALLOW_ORIGINS", APP));
        assert!(message.contains("did you mean `origins`?"), "{program}:\n{message}");
    }
}

const PROGRAMS: [&str; 2] = [env!("CARGO_BIN_EXE_config-axum"), env!("CARGO_BIN_EXE_config-actix")];

fn start(program: &str, variables: &[(&str, &str)]) -> Program {
    let mut command = Command::new(program);
    command.args([FILE, "--listen", "127.0.0.1:0"]).envs(variables.iter().copied());
    Program::start(&mut command)
}

fn is_allowed(api: &Program, page: &str, method: &str, path: &str) -> bool {
    let origin = format!("origin: {page}");
    let method = format!("access-control-request-method: {method}");
    let answer = api.ask("OPTIONS", path, &["host: localhost", &origin, &method], "");
    assert!(answer.reads(page) || (answer.status(403) && answer.hides()), "{answer:?}");
    answer.reads(page)
}

/// What it says when it does not start.
fn fail(command: &mut Command) -> String {
    let Output { status, stderr, .. } = command.output().unwrap();
    let message = String::from_utf8_lossy(&stderr).into_owned();
    assert!(!status.success(), "{message}");
    message
}
