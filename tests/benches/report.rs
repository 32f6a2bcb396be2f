//! The table: what a request costs our stacks, the peers', and the same app without CORS.
//!
//! `cargo bench -p tests --features peers` counts and times first, then prints.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot go on must stop"
)]
#![allow(dead_code, reason = "each benchmark uses its part of the suite")]

mod suite;

use std::hint::black_box;
use std::time::Instant;
use std::{env, fs, io};

use allocation_counter::{AllocationInfo, measure};
use cors_core::Policy;
use cors_core::adapter::Value;
use suite::ask::{self, Ask};
use suite::callgrind::Cost;
use suite::cells::{self, Row};
use suite::floor::FLOORS;
use suite::handoff::{self, Measured};
use suite::{Seen, policies};

fn main() -> io::Result<()> {
    // `cargo test --all-targets` runs this too, and wants no measuring.
    if !env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let Ok(measured) = fs::read_to_string(handoff::file()) else {
        println!("nothing was counted yet: run `cargo bench -p tests --features peers`");
        return Ok(());
    };
    let measured: Measured = toml::from_str(&measured).map_err(io::Error::other)?;
    if measured.costs.is_none() {
        println!("instructions: skipped, they are counted by valgrind, which is not installed\n");
    }
    let mut rows = cells::all();
    rows.sort_by_key(|row| row.stack.name.split([' ', ',']).next());
    for (title, columns) in [
        ("Ten origins, two response headers", 10),
        ("Other responses, other origins", 4),
        ("Lists of origins, made at run time", 2),
    ] {
        println!("## {title}\n");
        let mut section: Vec<&mut Row> =
            rows.iter_mut().filter(|row| row.asks.len() == columns).collect();
        print_answers(&mut section, &measured);
        println!("\nInstructions and allocations beyond the same app without CORS:\n");
        print_overheads(&section, &measured);
        println!();
    }
    print_floors(&rows, &measured);
    print_sizes();
    print_replacing();
    Ok(())
}

/// Everything about every answer.
fn print_answers(rows: &mut [&mut Row], measured: &Measured) {
    println!("A cell: instructions / allocations, bytes / nanoseconds, least to most.\n");
    print_head(rows.first().map_or(&[], |row| &row.asks));
    for Row { stack, asks } in rows {
        print!("| {} |", stack.name);
        for ask in asks.iter() {
            stack.serve.prepare(ask);
            let seen = stack.serve.inspect();
            assert!(is_right(ask.name, stack.over.is_some(), stack.name, seen), "{seen:?}");
            for _ in 0..8 {
                stack.serve.prepare(ask);
                stack.serve.answer();
            }
            stack.serve.prepare(ask);
            let AllocationInfo { count_total, bytes_total, .. } =
                measure(|| black_box(&mut stack.serve).answer());
            let cost = find(measured, stack.name, ask.name);
            let instructions = cost.map_or("-".to_owned(), |cost| grouped(cost.instructions));
            let [least, median, most] = measured.times[stack.name][ask.name];
            print!(
                " {instructions} / {count_total}, {bytes_total} B / {median:.0} ns, \
                 {least:.0} to {most:.0} |"
            );
        }
        println!();
    }
}

/// What CORS adds.
fn print_overheads(rows: &[&mut Row], measured: &Measured) {
    print_head(rows.first().map_or(&[], |row| &row.asks));
    for Row { stack, asks } in rows.iter().map(|row| &**row) {
        let Some(over) = stack.over else { continue };
        print!("| {} |", stack.name);
        for ask in asks {
            let both = find(measured, stack.name, ask.name).zip(find(measured, over, ask.name));
            match both {
                Some((cost, floor)) => print!(
                    " {} / {} |",
                    grouped(cost.instructions - floor.instructions),
                    cost.allocations - floor.allocations
                ),
                None => print!(" - |"),
            }
        }
        println!();
    }
}

/// What is beyond the same responses written by hand.
fn print_floors(rows: &[Row], measured: &Measured) {
    println!("## The floor\n");
    println!(
        "Instructions: ours, and for the same responses written by hand for this one policy.\n"
    );
    let asks = ask::all();
    print_head(&asks);
    for (ours, by_hand) in FLOORS {
        let Some(Row { stack, .. }) = rows.iter().find(|row| row.stack.name == ours) else {
            continue;
        };
        print!("| {ours}, {by_hand} |");
        for ask in &asks {
            // A preflight in all, another request beyond the app without CORS.
            let over = stack.over.filter(|_| !ask.is_preflight());
            let bare = over.and_then(|over| find(measured, over, ask.name));
            let beyond = |name| {
                let cost = find(measured, name, ask.name)?;
                Some(cost.instructions - bare.unwrap_or_default().instructions)
            };
            match beyond(ours).zip(beyond(by_hand)) {
                Some((ours, floor)) => print!(" {}, {} |", grouped(ours), grouped(floor)),
                None => print!(" - |"),
            }
        }
        println!();
    }
    println!();
}

fn print_head(asks: &[Ask]) {
    let titles = asks.iter().map(|ask| format!(" {}: {} |", ask.name, ask.title));
    println!("| |{}", titles.collect::<String>());
    println!("|---|{}", "---|".repeat(asks.len()));
}

fn find(measured: &Measured, row: &str, column: &str) -> Option<Cost> {
    measured.costs.as_ref()?.get(row)?.get(column).copied()
}

/// Whether a stack answers what it should: a fast stack that is wrong would win every row.
fn is_right(ask: &str, has_cors: bool, stack: &str, seen: Seen) -> bool {
    match ask {
        _ if !has_cors || stack.contains("of nothing") => !seen.allows,
        "b" | "d" => seen.allows && seen.status < 300,
        // The peers promise more than they keep, and that is not for this table to say.
        _ if stack.contains("tower-http") || stack.contains("actix-cors") => true,
        // A policy that is nested in another one is strict.
        "c" | "g" if stack.ends_with("around annotated") => !seen.allows && seen.status == 403,
        "a" | "c" | "g" => !seen.allows && seen.status == 200,
        // Spaces name no header, but no browser sends so many.
        _ => !seen.allows && seen.status == 403,
    }
}

/// What a policy takes in memory.
fn print_sizes() {
    println!("## Memory\n");
    println!("A policy: {} bytes, a header value: {}.", size_of::<Policy>(), size_of::<Value>());
    for count in [1, 10, 1_000] {
        let mut policy = None;
        let made = measure(|| policy = Some(policies::of(count)));
        println!(
            "A policy of {count} origins at run time: {} bytes on the heap.",
            made.bytes_current
        );
    }
    println!(
        "An annotated handler: {} bytes on axum, {} on actix, beside its policy.",
        size_of::<cors_axum::__private::Endpoint>(),
        size_of::<cors_actix::__private::Endpoint>(),
    );
}

/// How long it takes to replace the origins of a cell, with all that is checked.
fn print_replacing() {
    println!("\n## Replacing the origins of a cell\n");
    for count in [10, 1_000, 100_000] {
        let cell = policies::cell_of(count);
        let mut times: Vec<f64> = (0..9)
            .map(|_| {
                let origins: Vec<String> = (0..count).map(ask::origin).collect();
                let start = Instant::now();
                cell.set_origins(origins).expect("the origins are sound");
                start.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        times.sort_by(f64::total_cmp);
        let (least, median, most) = (times[0], times[times.len() / 2], times[times.len() - 1]);
        println!("{count} origins: {median:.3} ms, {least:.3} to {most:.3}.");
    }
}

fn grouped(number: i64) -> String {
    let digits = number.abs().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}
