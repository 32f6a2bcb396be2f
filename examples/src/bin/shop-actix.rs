//! Starts the shop on actix-web, prints who may read what, and logs who is rejected.

use std::io;

use actix_web::{App, HttpServer};
use examples::shop::Shop;
use examples::shop_actix::{configure, table};

#[actix_web::main]
async fn main() -> io::Result<()> {
    tracing_subscriber::fmt::init();
    let shop = Shop::new();
    let server = HttpServer::new(move || App::new().configure(configure(&shop)));
    let server = server.bind("127.0.0.1:4012")?;
    for address in server.addrs() {
        println!("http://{address}\n\n{}", table());
    }
    server.run().await
}
