//! The policies of the shops are locked: a change of them fails here until its snapshot is reviewed
//! (`cargo insta review`), and what it means is said in sentences.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cors_core::{RouteTable, TableDiff};
use examples::{lock, shop_actix, shop_axum};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/locks").join(name)
}

/// Compares a table with the committed one.
fn locked(name: &str, table: &RouteTable) {
    let settings = {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("locks");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings
    };
    settings.bind(|| insta::assert_toml_snapshot!(name, table));
    let committed = lock::read(&file(&format!("{name}.snap"))).unwrap();
    assert!(TableDiff::between(&committed, &table.lock()).is_empty());
}

#[test]
fn the_policies_of_the_shop_on_axum_are_locked() {
    locked("shop-axum", &shop_axum::table());
}

#[test]
fn the_policies_of_the_shop_on_actix_are_locked() {
    locked("shop-actix", &shop_actix::table());
}

#[test]
fn the_two_shops_have_the_same_policies() {
    let diff = TableDiff::between(&shop_axum::table().lock(), &shop_actix::table().lock());
    // axum answers `HEAD` with the handler of `GET`.
    assert!(diff.changes().iter().all(|it| it.methods() == ["HEAD"]), "{diff}");
}

/// What a job of a pull request prints.
#[test]
fn a_change_is_reported_in_sentences() {
    let committed = file("shop-axum.snap");
    let text = fs::read_to_string(&committed).unwrap();
    let changed = text.replace("http://localhost:*", "https://*.partner.example");
    assert_ne!(text, changed);
    let changed_file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("changed.snap");
    fs::write(&changed_file, changed).unwrap();
    let diff = |before: &Path, after: &Path| {
        let program = env!("CARGO_BIN_EXE_policy-diff");
        let output = Command::new(program).args([before, after]).output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    };
    let (is_narrower, words) = diff(&committed, &changed_file);
    assert!(!is_narrower);
    assert_eq!(
        words,
        "After this change pages can do what they could not do before.

Wider:
- `DELETE, PUT /api/v1/admin/products/{id}` can now be called by every subdomain of `partner.example`

Narrower:
- `DELETE, PUT /api/v1/admin/products/{id}` can no longer be called by `http://localhost` on any port
"
    );
    assert_eq!(diff(&committed, &committed), (true, "Nothing changes for pages.\n".to_owned()));
}
