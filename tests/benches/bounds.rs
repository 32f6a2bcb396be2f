//! What a list from an untrusted source costs: building a policy of it, and deciding a request
//! by it, beside what is usual.
//!
//! `cargo bench -p tests --bench bounds` prints the tables. A ratio is what counts: times are of the
//! machine.

#![allow(clippy::expect_used, reason = "a benchmark that cannot go on must stop")]
#![allow(clippy::cast_precision_loss, reason = "counts are shown")]

use std::env;
use std::hint::black_box;
use std::time::Instant;

use allocation_counter::measure;
use cors_core::adapter::{LayerPolicy, Step};
use cors_core::{Policy, PolicyBuilder, Violations};
use http::{Request, Response};

#[path = "bounds/colliding.rs"]
mod colliding;
#[path = "bounds/lists.rs"]
mod lists;

/// How many requests are decided in one go, and how often; the quickest counts.
const REQUESTS: usize = 2_000;
const GOES: usize = 15;

fn main() {
    // `cargo test --all-targets` runs this too, where nothing is to be measured.
    if !env::args().any(|argument| argument == "--bench") {
        return;
    }
    print_hosts();
    print_lists();
    print_violations();
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

/// A list of origins, with a request that it allows and one that it does not.
struct List {
    name: &'static str,
    count: usize,
    builder: PolicyBuilder,
    allowed: String,
    refused: String,
    /// An origin that is not allowed, for which deciding takes the longest.
    worst: String,
    /// The list that this one is compared with; itself, if it is the first of its kind.
    usual: &'static str,
}

/// What a list costs.
struct Cost {
    name: &'static str,
    build: f64,
    decide: [f64; 3],
}

fn print_lists() {
    println!("## Lists\n");
    println!(
        "Building: nanoseconds for each element. Deciding: nanoseconds for a request that is allowed, \
         one that is not, and the worst that can be sent; beside each, the ratio to the list \
         that is named.\n"
    );
    println!("| list | build | allowed | refused | worst | beside |");
    println!("| --- | ---: | ---: | ---: | ---: | --- |");
    let mut costs: Vec<Cost> = Vec::new();
    for list in lists::all() {
        let (name, usual) = (list.name, list.usual);
        let cost = cost(list);
        let beside = costs.iter().find(|cost| cost.name == usual).unwrap_or(&cost);
        print!("| {name} | {:.0} ({:.1}) |", cost.build, cost.build / beside.build);
        for (own, beside) in cost.decide.iter().zip(beside.decide) {
            print!(" {own:.0} ({:.1}) |", own / beside);
        }
        println!(" {usual} |");
        costs.push(cost);
    }
    println!();
}

fn cost(list: List) -> Cost {
    let List { name, count, builder, allowed, refused, worst, .. } = list;
    let start = Instant::now();
    let policy = builder.build().expect("the list is sound");
    let build = start.elapsed().as_secs_f64() * 1e9 / count as f64;
    let layer = LayerPolicy::new(policy);
    let decide = [(allowed, true), (refused, false), (worst, false)]
        .map(|(origin, is_allowed)| decide(&layer, &origin, is_allowed));
    Cost { name, build, decide }
}

/// How many nanoseconds it takes to decide a request of this origin, and to write its headers.
fn decide(layer: &LayerPolicy, origin: &str, is_allowed: bool) -> f64 {
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
    let go = || {
        let start = Instant::now();
        for _ in 0..REQUESTS {
            black_box(answer());
        }
        start.elapsed().as_secs_f64() * 1e9 / REQUESTS as f64
    };
    (0..GOES).map(|_| go()).fold(f64::INFINITY, f64::min)
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
