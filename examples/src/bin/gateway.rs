//! Prints the policies of the shop as a configuration for a gateway: `gateway nginx`, `haproxy`,
//! `envoy` or `http-route`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let target = std::env::args().nth(1).unwrap_or_else(|| "nginx".to_owned());
    examples::exit_code(examples::gateway::configuration(&target).map(|text| print!("{text}")))
}
