//! Starts the configured API on axum. It needs `FRONT_ORIGINS` in the environment.

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;
use examples::config::on_axum::app;
use examples::config::{Arguments, Settings, reload_at_hangup};
use examples::exit_code;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> ExitCode {
    exit_code(run(Arguments::parse()).await)
}

async fn run(Arguments { file, listen }: Arguments) -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let app = app(&Settings::read(&file)?)?;
    reload_at_hangup(file)?;
    let listener = TcpListener::bind(listen).await?;
    println!("http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}
