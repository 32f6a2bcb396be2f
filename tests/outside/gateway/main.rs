//! The same policies at the gateway: the cases of the table that a gateway can see, through NGINX and
//! HAProxy as Debian has them, with the configurations that are made of the policies. `table.md` says
//! which case each target can express; `GATEWAY_BLESS=1` writes it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, thread};

use cors_core::RouteTable;
use cors_core::gateway::GatewayErrors;
use serde::Deserialize;
use tests::gateway::{self, Haproxy, Nginx, Server};
use tests::model::Case;

mod injection;
mod origins;
mod schemas;

#[derive(Deserialize)]
struct Differences {
    difference: Vec<Difference>,
}

/// A case that a server answers otherwise than the program does, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    case: String,
    servers: Vec<String>,
    reason: String,
}

/// What a target makes of a case.
enum Verdict {
    /// What the program makes of it.
    Same,
    /// The target is not given the policies.
    Refused(GatewayErrors),
    /// The answers differ.
    Differs(Vec<String>),
}

#[test]
fn servers_answer_as_the_program_does() {
    if !gateway::are_installed() {
        assert!(env::var_os("CI").is_none(), "nginx and haproxy are not installed");
        println!("nginx and haproxy are not installed: nothing is tested");
        return;
    }
    let known: Differences = toml::from_str(include_str!("differences.toml")).unwrap();
    let chosen = env::var("CASE").unwrap_or_default();
    let (mut report, mut rows, mut counts) = (String::new(), Vec::new(), BTreeMap::new());
    for topic in tests::topics() {
        for case in &topic.cases {
            let address = format!("{}/{}", topic.name, case.name);
            let Some(table) = gateway::table(case).filter(|_| address.starts_with(&chosen)) else {
                continue;
            };
            let mut cells = Vec::new();
            for (name, verdict) in [
                (Nginx::NAME, run::<Nginx>(case, &table)),
                (Haproxy::NAME, run::<Haproxy>(case, &table)),
            ] {
                let is_it = |it: &&Difference| {
                    it.case == address && it.servers.iter().any(|server| server == name)
                };
                let known = known.difference.iter().find(is_it);
                let cell = match (verdict, known) {
                    (Verdict::Same, None) => "yes".to_owned(),
                    (Verdict::Differs(_), Some(known)) => format!("no: {}", known.reason),
                    (Verdict::Refused(errors), None) => format!("error: {}", reasons(&errors)),
                    (Verdict::Differs(found), None) => {
                        writeln!(report, "{address} on {name}:\n    {}", found.join("\n    "))
                            .unwrap();
                        continue;
                    }
                    (_, Some(_)) => {
                        writeln!(report, "{address} on {name}: no difference any more").unwrap();
                        continue;
                    }
                };
                *counts.entry((name, cell.split(':').next().unwrap().to_owned())).or_insert(0) += 1;
                cells.push(cell);
            }
            cells.push(left_out(gateway::left_out_by_envoy(&table)));
            cells.push(left_out(gateway::left_out_by_gateway_api(&table)));
            rows.push(format!("| {address} | {} |\n", cells.join(" | ")));
        }
    }
    println!("{counts:?}");
    assert!(report.is_empty(), "{report}");
    if chosen.is_empty() {
        check_table(&rows.concat());
    }
}

fn run<S: Server>(case: &Case, table: &RouteTable) -> Verdict {
    // A thread for each, because runs of handlers are counted there.
    let answers = thread::scope(|scope| scope.spawn(|| gateway::answers::<S>(case, table)).join());
    let seen = match answers.unwrap_or_else(|panic| std::panic::resume_unwind(panic)) {
        Ok(seen) => seen,
        Err(errors) => return Verdict::Refused(errors),
    };
    let mut differences = Vec::new();
    for (number, (request, seen)) in case.requests.iter().zip(&seen).enumerate() {
        for difference in seen.differences(&request.expect) {
            differences.push(format!("request {number} ({}): {difference}", request.method()));
        }
    }
    if differences.is_empty() { Verdict::Same } else { Verdict::Differs(differences) }
}

fn reasons(errors: &GatewayErrors) -> String {
    let mut reasons: Vec<String> = errors.iter().map(|it| format!("{:?}", it.why())).collect();
    reasons.dedup();
    reasons.join(", ").to_lowercase()
}

fn left_out(notes: Result<Vec<String>, GatewayErrors>) -> String {
    match notes {
        Err(errors) => format!("error: {}", reasons(&errors)),
        Ok(notes) if notes.is_empty() => "yes".to_owned(),
        Ok(notes) => notes.join("; ").replace('|', "\\|"),
    }
}

const HEAD: &str = "# Cases at a gateway

Made by `GATEWAY_BLESS=1 cargo test -p outside --test gateway`; do not edit. NGINX and HAProxy are run
with the case, and answer as the program does, or not for a reason. For Envoy and the Kubernetes
Gateway API the table says what the configuration leaves out; their servers are not run.

| case | NGINX | HAProxy | Envoy | Gateway API |
| --- | --- | --- | --- | --- |
";

fn check_table(rows: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("gateway/table.md");
    let text = format!("{HEAD}{rows}");
    if env::var_os("GATEWAY_BLESS").is_some() {
        fs::write(&file, &text).unwrap();
    }
    assert!(
        fs::read_to_string(&file).is_ok_and(|it| it == text),
        "gateway/table.md is not what the servers say; `GATEWAY_BLESS=1` writes it"
    );
}
