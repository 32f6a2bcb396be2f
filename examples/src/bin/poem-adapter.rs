//! Starts an app on poem, with CORS by an adapter of our own.

use std::io;

use examples::poem_adapter::app;
use poem::Server;
use poem::listener::TcpListener;

#[tokio::main]
async fn main() -> io::Result<()> {
    tracing_subscriber::fmt::init();
    println!("http://127.0.0.1:4013");
    Server::new(TcpListener::bind("127.0.0.1:4013")).run(app()).await
}
