//! Starts the service of the tenants on actix-web.

use std::error::Error;
use std::process::ExitCode;

use actix_web::{App, HttpServer};
use clap::Parser;
use examples::exit_code;
use examples::tenants::on_actix::{configure, table};
use examples::tenants::{Arguments, Tenants};

#[actix_web::main]
async fn main() -> ExitCode {
    exit_code(run(Arguments::parse()).await)
}

async fn run(Arguments { database, listen }: Arguments) -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let tenants = Tenants::open(&database)?;
    let table = table(&tenants);
    let server = HttpServer::new(move || App::new().configure(configure(&tenants)));
    let server = server.bind(listen)?;
    for address in server.addrs() {
        println!("http://{address}\n\n{table}");
    }
    Ok(server.run().await?)
}
