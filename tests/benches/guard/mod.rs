//! The committed numbers, and whether the new ones are as good.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use crate::suite::callgrind::{Cells, Cost};
use crate::suite::{ask, cells};

/// What a number may grow by: the allocator and the hash of the frameworks' maps vary by a
/// few instructions between runs, and another machine's C library may bring another `memcpy`.
const MARGIN: f64 = 0.08;
const LEAST_MARGIN: i64 = 40;

/// Compares what was counted with the baseline, or makes it the baseline.
pub(crate) fn check(counted: &Cells<Cost>) -> io::Result<ExitCode> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/baseline.toml");
    let ours = guarded(counted);
    if env::var_os("BENCH_BLESS").is_some() {
        fs::write(&file, render(&ours))?;
        println!("blessed {} rows", ours.len());
        return Ok(ExitCode::SUCCESS);
    }
    let baseline: Cells<Cost> =
        toml::from_str(&fs::read_to_string(&file)?).map_err(io::Error::other)?;
    let mut failures = 0;
    for (row, columns) in &ours {
        for (column, cost) in columns {
            let Some(before) = baseline.get(row).and_then(|columns| columns.get(column)) else {
                println!("{row}, {column}: new, {} instructions", cost.instructions);
                failures += 1;
                continue;
            };
            if let Some(complaint) = compare(*before, *cost) {
                println!("{row}, {column}: {complaint}");
                failures += 1;
            }
        }
    }
    if failures > 0 {
        println!("{failures} cells differ; if they should: BENCH_BLESS=1 cargo bench -p tests");
        return Ok(ExitCode::FAILURE);
    }
    println!("{} rows cost what the baseline says", ours.len());
    Ok(ExitCode::SUCCESS)
}

/// The rows that are ours: actual requests by what they cost beyond the same app without
/// CORS, preflights by the whole answer.
fn guarded(counted: &Cells<Cost>) -> Cells<Cost> {
    let preflights: Vec<&str> =
        ask::all().iter().filter(|ask| ask.is_preflight()).map(|ask| ask.name).collect();
    let mut ours = Cells::new();
    for cells::Row { stack, asks } in cells::all() {
        let Some(over) = stack.over.filter(|_| is_ours(stack.name)) else { continue };
        let cost = |row: &str, column: &str| counted.get(row)?.get(column).copied();
        for ask in asks {
            let Some(mut own) = cost(stack.name, ask.name) else { continue };
            if !preflights.contains(&ask.name)
                && let Some(floor) = cost(over, ask.name)
            {
                own.instructions -= floor.instructions;
                own.allocations -= floor.allocations;
            }
            let row: &mut std::collections::BTreeMap<_, _> =
                ours.entry(stack.name.to_owned()).or_default();
            row.insert(ask.name.to_owned(), own);
        }
    }
    ours
}

fn is_ours(row: &str) -> bool {
    !["tower-http", "actix-cors", "of nothing"].iter().any(|it| row.contains(it))
}

/// What is worse, or so much better that the baseline should know.
fn compare(before: Cost, now: Cost) -> Option<String> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a margin")]
    let share = (before.instructions.abs() as f64 * MARGIN) as i64;
    let margin = share.max(LEAST_MARGIN);
    let grown = now.instructions - before.instructions;
    if now.allocations != before.allocations {
        return Some(format!("{} allocations, were {}", now.allocations, before.allocations));
    }
    if grown > margin {
        return Some(format!("{} instructions, were {}", now.instructions, before.instructions));
    }
    if grown < -margin {
        println!("note: {} instructions are now {}", before.instructions, now.instructions);
    }
    None
}

/// The baseline as a file, one line for each cell.
fn render(ours: &Cells<Cost>) -> String {
    let mut text = String::from(
        "# What our stacks cost: actual requests (a, b, c, g) beyond the same app without CORS,\n\
         # preflights (d, e, f) in all. Written by: BENCH_BLESS=1 cargo bench -p tests\n",
    );
    for (row, columns) in ours {
        let _ = writeln!(text, "\n[{row:?}]");
        for (column, Cost { instructions, allocations }) in columns {
            let _ = writeln!(
                text,
                "{column} = {{ instructions = {instructions}, allocations = {allocations} }}"
            );
        }
    }
    text
}
