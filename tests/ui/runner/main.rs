//! What the compiler says about declarations that are errors, and that it says nothing about those
//! that are not.
//!
//! One folder a topic, one file a situation, and beside it what the compiler says of it. Each file is
//! a program of its own, so no error can hide another file's.
//!
//! `UI_BLESS=1` writes the texts, `CASE=weld/` runs the files whose path starts so.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

mod blocks;
mod compiler;
mod text;

use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};
use std::thread;

use blocks::Block;
use compiler::Compiler;
use similar::TextDiff;

/// The cases that must compile.
const PASS: &str = "pass";

static COMPILER: LazyLock<Compiler> = LazyLock::new(Compiler::new);

#[test]
fn errors_are_as_recorded() {
    let cases = files("rs").into_iter().filter(|case| !case.starts_with(PASS)).collect();
    assert_none(&failures(cases, |case| {
        let compiled = COMPILER.check(&here().join(case));
        let said = text::normalized(&compiled.stderr);
        if compiled.success {
            return Some(format!("{} compiles\n{said}", case.display()));
        }
        difference(case, &said)
    }));
}

/// The difference to the recorded text, or none.
fn difference(case: &Path, said: &str) -> Option<String> {
    let record = here().join(case).with_extension("stderr");
    let recorded = fs::read_to_string(&record).unwrap_or_default();
    if recorded == said {
        return None;
    }
    if std::env::var_os("UI_BLESS").is_some() {
        fs::write(record, said).unwrap();
        return None;
    }
    let difference = TextDiff::from_lines(recorded.as_str(), said);
    Some(format!("{} (UI_BLESS=1 writes it)\n{}", case.display(), difference.unified_diff()))
}

#[test]
fn every_text_has_its_case() {
    let mut texts = files("stderr");
    texts.retain(|it| !here().join(it).with_extension("rs").exists() || it.starts_with(PASS));
    assert!(texts.is_empty(), "no case has these texts: {texts:?}");
}

#[test]
fn the_others_compile_without_a_warning_and_run() {
    let cases = files("rs").into_iter().filter(|case| case.starts_with(PASS)).collect();
    assert_none(&failures(cases, |case| {
        let output = COMPILER.run(&here().join(case));
        let silent = output.success && output.stderr.is_empty();
        (!silent).then(|| format!("{}\n{}", case.display(), output.stderr))
    }));
}

/// A `compile_fail` block passes as a doctest whatever its error is.
#[test]
fn blocks_that_do_not_compile_name_their_errors() {
    let blocks = blocks::of_the_documentation();
    assert!(blocks.len() > 8, "{} blocks", blocks.len());
    assert_none(&failures(blocks, Block::objection));
}

/// The files of the topics with this extension, as paths from here.
fn files(extension: &str) -> Vec<PathBuf> {
    let filter = std::env::var("CASE").unwrap_or_default();
    let mut files: Vec<PathBuf> = entries(here())
        .filter(|topic| topic.is_dir() && !topic.ends_with("runner"))
        .flat_map(|topic| entries(&topic).collect::<Vec<_>>())
        .filter(|file| file.extension().is_some_and(|it| it == extension))
        .map(|file| file.strip_prefix(here()).unwrap().to_owned())
        .filter(|file| file.to_str().unwrap().starts_with(&filter))
        .collect();
    files.sort();
    files
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn workspace() -> &'static Path {
    here().ancestors().nth(2).unwrap()
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path())
}

/// What is wrong with which item, asked on all processors.
fn failures<T: Send>(items: Vec<T>, failure: impl Fn(&T) -> Option<String> + Sync) -> Vec<String> {
    let items = Mutex::new(items.into_iter());
    let work = || {
        let next = || items.lock().unwrap().next();
        std::iter::from_fn(next).filter_map(|item| failure(&item)).collect::<Vec<_>>()
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut failures: Vec<String> =
            workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect();
        failures.sort();
        failures
    })
}

fn assert_none(failures: &[String]) {
    assert!(failures.is_empty(), "{} of them:\n\n{}", failures.len(), failures.join("\n\n"));
}
