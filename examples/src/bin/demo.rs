//! Starts the demo and says where to look.

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;
use examples::demo::{Ports, Running, axum_table, serve};
use examples::exit_code;

/// The same CORS policies on axum and on actix-web, called by pages on four origins.
#[derive(Debug, Parser)]
#[command(name = "demo")]
struct Arguments {
    #[command(flatten)]
    ports: Ports,
}

#[tokio::main]
async fn main() -> ExitCode {
    exit_code(run(Arguments::parse().ports).await)
}

async fn run(ports: Ports) -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let mut running = serve(ports)?;
    announce(&running);
    tokio::select! {
        failed = running.failed() => failed?,
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    Ok(())
}

fn announce(running: &Running) {
    let ports = running.ports();
    println!("The same routes with the same policies, on both:");
    println!();
    println!("  axum       {}", ports.axum_api());
    println!("  actix-web  {}", ports.actix_api());
    println!();
    println!("{}", axum_table());
    println!("Open these in a browser:");
    println!();
    println!("  {:<28}  an allowed front end", ports.page_of("app"));
    println!("  {:<28}  a second allowed front end", ports.page_of("admin"));
    println!("  {:<28}  a subdomain of the first", ports.page_of("eu.app"));
    println!("  {:<28}  a hostile page", ports.page_of("evil"));
    println!();
    println!("Rejected requests are logged here.");
    println!();
    println!("Ctrl-C stops the demo.");
}
