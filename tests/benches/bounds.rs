//! What a list from an untrusted source costs: building a policy of it, and deciding a request
//! by it, beside what is usual.
//!
//! `cargo bench -p tests --bench bounds` prints the tables. A ratio is what counts: times are of the
//! machine. Requests are counted in instructions, which takes valgrind, and minutes for the long lists;
//! `LISTS="1 wildcard;pattern"` asks for some.

#![allow(clippy::expect_used, reason = "a benchmark that cannot go on must stop")]
#![allow(clippy::cast_precision_loss, reason = "counts are shown")]

use std::hint::black_box;
use std::time::Instant;
use std::{env, io};

use allocation_counter::measure;
use cors_core::adapter::{LayerPolicy, Step};
use cors_core::{Policy, PolicyBuilder, Violations};
use http::{Request, Response};

#[path = "bounds/callgrind.rs"]
mod callgrind;
#[path = "bounds/colliding.rs"]
mod colliding;
#[path = "bounds/lists.rs"]
mod lists;

fn main() -> io::Result<()> {
    if callgrind::is_child() {
        return lists::all().try_for_each(count);
    }
    // `cargo test --all-targets` runs this too, where nothing is to be measured.
    if !env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    print_requests()?;
    print_hosts();
    print_building();
    print_violations();
    Ok(())
}

/// What it takes to refuse a long host.
fn print_hosts() {
    let refuse = |letter: &str| {
        let origin = format!("https://{}.com", letter.repeat(16_000));
        let time = || {
            let start = Instant::now();
            let refused = Policy::builder().origins([origin.clone()]).build();
            assert!(black_box(refused).is_err());
            start.elapsed().as_secs_f64() * 1e6
        };
        (0..100).map(|_| time()).fold(f64::INFINITY, f64::min)
    };
    let (ascii, unicode) = (refuse("x"), refuse("ü"));
    println!("## A host that is refused\n");
    println!("| host | time | ratio |\n| --- | ---: | ---: |");
    println!("| 16,000 x `x` | {ascii:.0} µs | 1.0 |");
    println!("| 16,000 x `ü` | {unicode:.0} µs | {:.1} |\n", unicode / ascii);
}

/// A list of origins, with what is asked of it.
struct List {
    name: &'static str,
    count: usize,
    builder: PolicyBuilder,
    /// An origin that it allows, and one that it does not.
    allowed: String,
    refused: String,
    /// Origins that none of the lists allows that stand beside this one; the one counts for which
    /// deciding takes the longest.
    worst: Vec<String>,
    /// The list that this one is compared with; itself, if it is the first of its kind.
    usual: &'static str,
}

/// Decides the requests of a list, for callgrind to count.
fn count(list: List) -> io::Result<()> {
    let policy = list.builder.build().expect("the list is sound");
    let layer = LayerPolicy::new(policy);
    callgrind::switch(true)?;
    let ask = |origin: &str, is_allowed| decide(&layer, origin, is_allowed);
    // What is counted first after the switch has more in it than this.
    ask(&list.allowed, true);
    ask(&list.allowed, true);
    ask(&list.refused, false);
    list.worst.iter().for_each(|worst| ask(worst, false));
    callgrind::switch(false)
}

/// Decides a request of this origin, and writes its headers.
fn decide(layer: &LayerPolicy, origin: &str, is_allowed: bool) {
    let request = Request::get("/").header("origin", origin).body(()).expect("the origin is sound");
    let answer = || {
        let mut response = Response::new(());
        if let Step::Forward(mut pending) = layer.on_request(black_box(&request)) {
            pending.on_response(&mut response);
        }
        response
    };
    let allows = answer().headers().contains_key("access-control-allow-origin");
    assert_eq!(allows, is_allowed, "{origin}");
    callgrind::count(|| drop(black_box(answer())));
}

/// The instructions of an allowed request, of one that is not, and of the worst.
struct Cost {
    name: &'static str,
    decide: [f64; 3],
}

fn print_requests() -> io::Result<()> {
    let Some(mut next) = callgrind::run()? else {
        println!("Requests are not counted: valgrind is not installed.\n");
        return Ok(());
    };
    println!("## Requests\n");
    println!(
        "Instructions of a request that is allowed, of one that is not, and of the worst that can be \
         sent; beside each, the ratio to the list that is named.\n"
    );
    println!("| list | allowed | refused | worst | beside |");
    println!("| --- | ---: | ---: | ---: | --- |");
    let mut costs: Vec<Cost> = Vec::new();
    for List { name, usual, worst, .. } in lists::all() {
        next()?;
        let (allowed, refused) = (next()?, next()?);
        let worst: Vec<f64> = worst.iter().map(|_| next()).collect::<io::Result<_>>()?;
        let worst = worst.into_iter().fold(0.0, f64::max);
        let cost = Cost { name, decide: [allowed, refused, worst] };
        let beside = costs.iter().find(|cost| cost.name == usual).unwrap_or(&cost);
        print!("| {name} |");
        for (own, beside) in cost.decide.iter().zip(beside.decide) {
            print!(" {own:.0} ({:.1}) |", own / beside);
        }
        println!(" {usual} |");
        costs.push(cost);
    }
    println!();
    Ok(())
}

/// What a policy of each list takes to be built, for each of its elements.
fn print_building() {
    println!("## Building\n");
    println!(
        "| list | nanoseconds for each element | ratio | beside |\n| --- | ---: | ---: | --- |"
    );
    let mut times: Vec<(&str, f64)> = Vec::new();
    for List { name, count, builder, usual, .. } in lists::all() {
        let start = Instant::now();
        drop(black_box(builder.build().expect("the list is sound")));
        let time = start.elapsed().as_secs_f64() * 1e9 / count as f64;
        let beside = times.iter().find(|(name, _)| *name == usual).map_or(time, |it| it.1);
        println!("| {name} | {time:.0} | {:.1} | {usual} |", time / beside);
        times.push((name, time));
    }
    println!();
}

/// What a million mistakes take, beside a million origins without one.
fn print_violations() {
    const COUNT: usize = 1_000_000;
    let built = |path: &'static str| {
        let origins: Vec<String> =
            (0..COUNT).map(|number| format!("https://t{number:07}.example.com{path}")).collect();
        let builder = Policy::builder().origins(origins);
        let mut outcome = None;
        let start = Instant::now();
        let allocated = measure(|| outcome = Some(builder.build()));
        let seconds = start.elapsed().as_secs_f64();
        (outcome.expect("it was built"), seconds, allocated.bytes_max)
    };
    let (sound, usual, memory) = built("");
    assert!(sound.is_ok());
    let (refused, seconds, memory_of_violations) = built("/");
    let violations = refused.expect_err("every origin has a path");
    println!("## {COUNT} origins at once\n");
    println!(
        "| origins | time | ratio | most memory beyond the list |\n| --- | ---: | ---: | ---: |"
    );
    println!("| sound | {usual:.2} s | 1.0 | {} KiB |", memory / 1024);
    println!(
        "| with a path | {seconds:.2} s | {:.1} | {} KiB |\n",
        seconds / usual,
        memory_of_violations / 1024
    );
    print_kept(&violations);
}

fn print_kept(violations: &Violations) {
    println!(
        "{} violations: {} are kept, and their text is of {} bytes.",
        violations.len(),
        violations.iter().len(),
        violations.to_string().len()
    );
}
