//! The browser for tests, held against the real one: the same calls to the same servers, over sockets,
//! in headless Chromium and in the browser of `cors_core::testing`.
//!
//! Compared are what the page sees (or which exception it gets, and what the console says), and what
//! arrives at the servers, header by header.
//!
//! The gate makes some dozen random calls. `AGREEMENT=5000` makes more; `SEED=17` makes those of one seed
//! alone and shows them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod compare;
mod demo;
mod mirror;
mod plan;
mod random;
mod real;
mod simulated;

use std::collections::BTreeMap;
use std::env;
use std::sync::Arc;

use cors_core::testing::{Browser, Network};
use fantoccini::Client;
use tests::chromium::{Driver, Outcome, forget_cookies, programs};
use tests::dice::Dice;

use self::compare::{Trace, without_name};
use self::mirror::{Caller, Mirror};
use self::plan::Plan;

/// How many plans the gate makes; each has one to three calls.
const PLANS: usize = 100;
/// Chromium remembers 1024 preflights, and forgets some at random when there are more.
const PLANS_OF_A_BROWSER: usize = 500;
/// How many plans the page is given at once.
const BATCH: usize = 25;

#[tokio::test(flavor = "multi_thread")]
async fn random_calls_are_seen_and_sent_alike() {
    let Some(programs) = programs() else { return };
    let driver = Driver::start(&programs).unwrap_or_else(|error| panic!("no driver: {error}"));
    let mirror = Mirror::start().await.unwrap();
    let number = |name: &str| env::var(name).ok().and_then(|it| it.parse::<usize>().ok());
    let seeds = match number("SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("AGREEMENT").unwrap_or(PLANS),
    };
    let is_shown = number("SEED").is_some();
    let plans: Vec<(usize, Arc<Plan>)> = seeds
        .map(|seed| {
            let mut dice = Dice::new(seed as u64);
            (seed, Arc::new(Plan::random(&mut dice, &mirror.origin(0))))
        })
        .collect();
    let mut differences = BTreeMap::new();
    for plans in plans.chunks(PLANS_OF_A_BROWSER) {
        let client = driver.open_browser(&programs, &[]).await;
        let client = client.unwrap_or_else(|error| panic!("no browser: {error}"));
        let outcome = compare(&client, &mirror, plans, is_shown).await;
        client.close().await.unwrap();
        differences.extend(outcome.unwrap_or_else(|error| panic!("no comparison: {error}")));
    }
    let calls: usize = plans.iter().map(|(_, plan)| plan.calls.len()).sum();
    let seeds: Vec<usize> = differences.keys().copied().collect();
    let first: Vec<String> =
        differences.iter().take(5).map(|(seed, it)| format!("SEED={seed}\n{it}")).collect();
    assert!(
        differences.is_empty(),
        "{} of {} plans differ ({calls} calls): {seeds:?}\n{}",
        differences.len(),
        plans.len(),
        first.join("\n"),
    );
    println!("{calls} calls of {} plans are seen and sent alike", plans.len());
}

/// What differs, by seed.
async fn compare(
    client: &Client,
    mirror: &Mirror,
    plans: &[(usize, Arc<Plan>)],
    is_shown: bool,
) -> Outcome<BTreeMap<usize, String>> {
    let network = Network::new()?;
    let mut found = BTreeMap::new();
    client.goto(&mirror.page()).await?;
    for batch in plans.chunks(BATCH) {
        // Chromium keeps 180 cookies of a host.
        forget_cookies(client).await?;
        let browser = Browser::new();
        for (number, plan) in batch {
            mirror.expect(*number, Arc::clone(plan));
        }
        let numbered: Vec<(usize, &Plan)> = batch.iter().map(|(it, plan)| (*it, &**plan)).collect();
        let (seen, mut console) = real::make_calls(client, mirror, &numbered).await?;
        for ((number, plan), seen) in numbered.into_iter().zip(seen) {
            let named = |lines: Vec<String>| {
                lines.into_iter().map(|it| without_name(it, plan)).collect::<Vec<String>>()
            };
            let real = Trace {
                seen,
                console: named(console.remove(&number).unwrap_or_default()),
                arrived: mirror.arrived(Caller::Real, number),
            };
            let calls = simulated::make_calls(&browser, &network, mirror, number, plan);
            let (seen, console) = calls.await;
            let arrived = mirror.arrived(Caller::Simulated, number);
            let simulated = Trace { seen, console: named(console), arrived };
            if is_shown {
                println!("{plan:#?}\n{real:#?}");
            }
            found.extend(real.difference(&simulated, plan).map(|it| (number, it)));
        }
    }
    Ok(found)
}
