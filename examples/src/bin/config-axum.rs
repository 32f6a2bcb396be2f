//! Starts the configured API on axum. It needs `FRONT_ORIGINS` in the environment.

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;
use examples::config::on_axum::app;
use examples::config::{Arguments, Settings};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(Arguments { file, listen }: Arguments) -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let app = app(&Settings::read(&file)?)?;
    let listener = TcpListener::bind(listen).await?;
    println!("http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}
