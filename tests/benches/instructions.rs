//! What a request costs our own stacks, in instructions and allocations, held against
//! `baseline.toml`.
//!
//! `cargo bench -p tests` fails where a number grew. A change that is worth its price is
//! blessed with `BENCH_BLESS=1 cargo bench -p tests`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot go on must stop"
)]
#![allow(dead_code, reason = "each benchmark uses its part of the suite")]

mod guard;
mod suite;

use std::process::ExitCode;
use std::{env, fs, io};

use suite::callgrind::{self, Cells};
use suite::{cells, handoff};

fn main() -> io::Result<ExitCode> {
    if callgrind::is_child() {
        callgrind::answer_all();
        return Ok(ExitCode::SUCCESS);
    }
    // `cargo test --all-targets` runs this too, and wants no measuring.
    if !env::args().any(|argument| argument == "--bench") {
        return Ok(ExitCode::SUCCESS);
    }
    let counted = callgrind::count_all(&handoff::directory())?;
    if cfg!(feature = "peers") {
        let measured = handoff::Measured { costs: counted.clone(), times: times() };
        fs::write(handoff::file(), toml::to_string(&measured).map_err(io::Error::other)?)?;
        // The compiler inlines differently beside the peers, by a few instructions in each
        // hundred, so a comparison with the baseline would say nothing.
        return Ok(ExitCode::SUCCESS);
    }
    let Some(counted) = counted else {
        println!("skipped: instructions are counted by valgrind, which is not installed");
        return Ok(ExitCode::SUCCESS);
    };
    guard::check(&counted)
}

/// How long an answer takes, in nanoseconds.
fn times() -> Cells<[f64; 3]> {
    const BATCHES: usize = 15;
    const ANSWERS: u32 = 200;
    let mut times = Cells::new();
    for cells::Row { mut stack, asks } in cells::all() {
        let row: &mut std::collections::BTreeMap<_, _> =
            times.entry(stack.name.to_owned()).or_default();
        for ask in asks {
            let mut batches: Vec<f64> = (0..BATCHES)
                .map(|_| stack.serve.time(&ask, ANSWERS as usize).as_secs_f64() * 1e9)
                .map(|nanoseconds| nanoseconds / f64::from(ANSWERS))
                .collect();
            batches.sort_by(f64::total_cmp);
            let spread = [batches[0], batches[BATCHES / 2], batches[BATCHES - 1]];
            row.insert(ask.name.to_owned(), spread);
        }
    }
    times
}
