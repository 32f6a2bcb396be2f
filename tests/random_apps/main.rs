//! Random apps on both frameworks, held against a model: the handler that the framework really ran.
//!
//! `RANDOM_APPS=100000 cargo test -p tests --test random_apps` runs more of them, `SEED=17` one of
//! them alone.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "a test must stop")]

mod actix;
mod axum;
mod model;

use model::{Count, Node, Observed, Request};
use tests::dice::Dice;

/// How many apps the gate tries.
const APPS: u64 = 300;
const REQUESTS: usize = 12;

fn seeds() -> std::ops::Range<u64> {
    let number = |name| std::env::var(name).ok().and_then(|it| it.parse::<u64>().ok());
    match number("SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("RANDOM_APPS").unwrap_or(APPS),
    }
}

/// What is wrong, for one app.
struct Report {
    count: Count,
    violations: Vec<String>,
}

impl Report {
    fn add(&mut self, seed: u64, node: &Node, observed: &Observed) {
        for violation in observed.violations(&mut self.count) {
            let Observed { request, response, ran, preflight } = observed;
            let preflight = preflight.as_ref().map(|(_, response, ran)| (response, ran));
            self.violations.push(format!(
                "SEED={seed}: {violation}\n{node:#?}\n{request:?}\n{response:?}\n{ran:?}\n\
                 {preflight:?}"
            ));
        }
    }

    fn judge(self) {
        let Self { count, violations } = self;
        println!("{count:?}");
        let first = violations.first().map_or("", String::as_str);
        let seeds: Vec<&str> = violations.iter().filter_map(|it| it.lines().next()).collect();
        assert!(
            violations.is_empty(),
            "{first}\n{} violations:\n{}",
            seeds.len(),
            seeds.join("\n")
        );
        // A model that everything is rejected by, or nothing is asked of, proves nothing.
        let is_whole = std::env::var_os("SEED").is_none();
        assert!(
            !is_whole || (count.granted > 20 && count.readable > 20 && count.rejected > 20),
            "{count:?}"
        );
    }
}

/// Runs random apps: `ask` builds the app of a node, and asks it a request and its preflight.
macro_rules! run {
    ($app:ident) => {{
        model::set_origins();
        // Without a log, candidates decide nothing.
        let log = tracing_subscriber::fmt().with_writer(std::io::sink).finish();
        let _log = tracing::subscriber::set_default(log);
        let mut report = Report { count: Count::default(), violations: Vec::new() };
        let mut number = $app::FIRST;
        for seed in seeds() {
            let mut dice = Dice::new(seed);
            let node = Node::random(&mut dice, 2);
            let Some(app) = $app::start(&node).await else { continue };
            for _ in 0..REQUESTS {
                let (request, preflight) = Request::random(&mut dice);
                number += 2;
                let preflight = match preflight {
                    Some(preflight) => {
                        let response = app.call(number, &preflight).await;
                        Some((preflight, response, model::take(number)))
                    }
                    None => None,
                };
                let response = app.call(number + 1, &request).await;
                let ran = model::take(number + 1);
                report.add(seed, &node, &Observed { request, response, ran, preflight });
            }
        }
        report.judge();
    }};
}

#[tokio::test]
async fn axum() {
    run!(axum);
}

#[actix_web::test]
async fn actix() {
    run!(actix);
}
