//! Starts the configured API on actix-web. It needs `FRONT_ORIGINS` in the environment.

use std::error::Error;
use std::process::ExitCode;

use actix_web::{App, HttpServer};
use clap::Parser;
use examples::config::on_actix::configure;
use examples::config::{Arguments, Settings, reload_at_hangup};
use examples::exit_code;

#[actix_web::main]
async fn main() -> ExitCode {
    exit_code(run(Arguments::parse()).await)
}

async fn run(Arguments { file, listen }: Arguments) -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let configure = configure(&Settings::read(&file)?)?;
    reload_at_hangup(file)?;
    let server = HttpServer::new(move || App::new().configure(configure.clone()));
    let server = server.bind(listen)?;
    for address in server.addrs() {
        println!("http://{address}");
    }
    Ok(server.run().await?)
}
