//! Starts the service of the tenants on axum.

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;
use examples::exit_code;
use examples::tenants::on_axum::{app, table};
use examples::tenants::{Arguments, Tenants};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> ExitCode {
    exit_code(run(Arguments::parse()).await)
}

async fn run(Arguments { database, listen }: Arguments) -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let tenants = Tenants::open(&database)?;
    let listener = TcpListener::bind(listen).await?;
    println!("http://{}\n\n{}", listener.local_addr()?, table(&tenants));
    Ok(axum::serve(listener, app(tenants)).await?)
}
