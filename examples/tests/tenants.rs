//! The tenants, on both frameworks: what is changed is in effect for the next request, is still
//! there when the program starts again, and is changed everywhere or nowhere.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod program;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use program::{Answer, Program};
use rusqlite::Connection;

const ADA: &str = "https://ada.example.net";
const SHOP: &str = "https://shop.ada.example.net";
const STAFF: &str = "https://admin.example.com";

const API: &str = "host: api.example.com";

#[test]
fn tenants_on_axum() {
    tenants(env!("CARGO_BIN_EXE_tenants-axum"));
}

#[test]
fn tenants_on_actix() {
    tenants(env!("CARGO_BIN_EXE_tenants-actix"));
}

fn tenants(program: &str) {
    let database = new_database(program);
    let start =
        || Program::start(Command::new(program).arg(&database).args(["--listen", "127.0.0.1:0"]));
    let service = start();
    assert_is_allowed(&service, "ada", &[], &[ADA, SHOP]);

    // In effect for the next request, and for no other tenant.
    let changed = change(&service, "ada", &[ADA]);
    assert!(changed.status(204) && changed.reads(STAFF), "{changed:?}");
    assert_is_allowed(&service, "ada", &[ADA], &[SHOP]);
    assert_is_allowed(&service, "bob", &[], &[ADA, SHOP]);

    // A wrong list changes nothing, and the staff reads all that is wrong with it.
    let wrong =
        change(&service, "ada", &[SHOP, "http://ada.example.net", "https://ada.example.net/"]);
    assert!(wrong.status(422) && wrong.reads(STAFF), "{wrong:?}");
    for rule in ["[origin-insecure-with-credentials]", "[origin-path]"] {
        assert!(wrong.0.contains(rule), "{wrong:?}");
    }
    assert_is_allowed(&service, "ada", &[ADA], &[SHOP]);
    assert_eq!(stored(&database), [ADA]);

    // Nor does a database that fails at the last moment.
    fail_commits(&database);
    let failed = change(&service, "ada", &[SHOP]);
    assert!(failed.status(500) && failed.reads(STAFF), "{failed:?}");
    assert_is_allowed(&service, "ada", &[ADA], &[SHOP]);
    assert_eq!(stored(&database), [ADA]);
    let connection = Connection::open(&database).unwrap();
    connection.execute_batch("DROP TRIGGER fail_commits").unwrap();

    // Only the staff changes anything, and only its page reads why it did not.
    let unsigned = ask(&service, "PUT", "/admin/tenants/ada/origins", STAFF, &[API], "[]");
    assert!(unsigned.status(401) && unsigned.reads(STAFF), "{unsigned:?}");
    let preflight = [API, "access-control-request-method: PUT"];
    let tenant = ask(&service, "OPTIONS", "/admin/tenants/ada/origins", ADA, &preflight, "");
    assert!(tenant.status(403) && tenant.hides(), "{tenant:?}");

    // Still there after a restart.
    assert!(change(&service, "ada", &[ADA, SHOP]).status(204));
    drop(service);
    let service = start();
    assert_is_allowed(&service, "ada", &[ADA, SHOP], &[STAFF]);
    assert!(change(&service, "ada", &[]).status(204));
    assert_is_allowed(&service, "ada", &[], &[ADA, SHOP]);
    drop(service);

    // What was written into the database by hand is judged, too.
    connection.execute("INSERT INTO origins VALUES ('bob', 'http://bob.example.org')", []).unwrap();
    let output = Command::new(program).arg(&database).output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{message}");
    assert!(message.contains("[origin-insecure-with-credentials]"), "{message}");
}

/// These pages may write the profile of the tenant, and those may not.
fn assert_is_allowed(service: &Program, tenant: &str, pages: &[&str], others: &[&str]) {
    let host = format!("host: {tenant}.api.example.com");
    let preflight = ["access-control-request-method: PUT", &host];
    for page in pages {
        let answer = ask(service, "OPTIONS", "/profile", page, &preflight, "");
        assert!(answer.status(204) && answer.reads(page), "{answer:?}");
        let answer = ask(service, "PUT", "/profile", page, &[&host], "");
        assert!(answer.status(200) && answer.reads(page), "{answer:?}");
    }
    for page in others {
        let answer = ask(service, "OPTIONS", "/profile", page, &preflight, "");
        assert!(answer.status(403) && answer.hides(), "{answer:?}");
        let answer = ask(service, "PUT", "/profile", page, &[&host], "");
        assert!(answer.hides(), "{answer:?}");
    }
}

/// The staff changes the origins of a tenant.
fn change(service: &Program, tenant: &str, origins: &[&str]) -> Answer {
    let path = format!("/admin/tenants/{tenant}/origins");
    let lines = [API, "authorization: Bearer token-of-grace", "content-type: application/json"];
    ask(service, "PUT", &path, STAFF, &lines, &serde_json::to_string(origins).unwrap())
}

fn ask(
    service: &Program,
    method: &str,
    path: &str,
    page: &str,
    lines: &[&str],
    body: &str,
) -> Answer {
    let origin = format!("origin: {page}");
    let lines: Vec<&str> = [&*origin].into_iter().chain(lines.iter().copied()).collect();
    service.ask(method, path, &lines, body)
}

fn new_database(program: &str) -> PathBuf {
    let name = Path::new(program).file_stem().unwrap();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name).with_extension("db");
    if path.exists() {
        fs::remove_file(&path).unwrap();
    }
    path
}

fn stored(database: &Path) -> Vec<String> {
    let connection = Connection::open(database).unwrap();
    let mut select = connection.prepare("SELECT origin FROM origins ORDER BY origin").unwrap();
    let rows = select.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// From now on each change breaks a foreign key, which the database notices at the commit.
fn fail_commits(database: &Path) {
    let connection = Connection::open(database).unwrap();
    let change = "
        CREATE TABLE known (id INTEGER PRIMARY KEY);
        CREATE TABLE broken (id INTEGER REFERENCES known DEFERRABLE INITIALLY DEFERRED);
        CREATE TRIGGER fail_commits AFTER INSERT ON origins BEGIN
            INSERT INTO broken VALUES (1);
        END;
    ";
    connection.execute_batch(change).unwrap();
}
