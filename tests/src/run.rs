//! Runs the table against one engine.

use std::fmt::Write;

use crate::engine::{Beside, Engine, Order};
use crate::model::Case;
use crate::seen::Seen;

/// Runs every case that the engine can run.
///
/// `CASE=vary/` in the environment runs only the cases whose address starts so.
///
/// # Panics
///
/// If an answer differs; the message names each case, request and difference.
pub fn run<E: Engine>() {
    let chosen = std::env::var("CASE").unwrap_or_default();
    let mut report = String::new();
    let (mut cases, mut requests, mut failed) = (0, 0, 0);
    for topic in crate::topics() {
        for case in &topic.cases {
            let address = format!("{}/{}", topic.name, case.name);
            if !case.runs_on(E::NAME) || !address.starts_with(&chosen) {
                continue;
            }
            cases += 1;
            requests += case.requests.len();
            let differences = differences::<E>(case);
            if !differences.is_empty() {
                failed += 1;
                writeln!(report, "cases/{address} on {:?}", E::NAME).unwrap();
                for difference in differences {
                    writeln!(report, "    {difference}").unwrap();
                }
            }
        }
    }
    println!("{:?}: {cases} cases, {requests} requests", E::NAME);
    assert!(failed == 0, "{failed} of {cases} cases failed on {:?}:\n{report}", E::NAME);
}

/// What is wrong with the answers, in both orders of registration.
fn differences<E: Engine>(case: &Case) -> Vec<String> {
    let mut differences = Vec::new();
    let orders = [(Order::Table, ""), (Order::Reversed, ", routes in reversed order")];
    for (order, suffix) in orders {
        if order == Order::Reversed && case.routes.len() < 2 {
            continue;
        }
        // A thread for each app, so that a panic is a finding.
        let answers = std::thread::scope(|scope| {
            scope.spawn(|| E::answers(case, order, Beside::Nothing)).join()
        });
        let answers: Vec<Seen> = match answers {
            Ok(answers) => answers,
            Err(panic) => {
                let text = panic.downcast_ref::<String>().map(String::as_str);
                let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
                differences.push(format!("panicked{suffix}: {}", text.unwrap_or("without a word")));
                continue;
            }
        };
        for (number, (request, seen)) in case.requests.iter().zip(&answers).enumerate() {
            for difference in seen.differences(&request.expect) {
                let (method, path) = (request.method(), &request.path);
                differences
                    .push(format!("request {number} ({method} {path}){suffix}: {difference}"));
            }
        }
    }
    differences
}
