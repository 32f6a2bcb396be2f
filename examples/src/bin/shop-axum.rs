//! Starts the shop on axum, prints who may read what, and logs who is rejected.

use std::io;

use examples::shop::Shop;
use examples::shop_axum::{app, table};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> io::Result<()> {
    tracing_subscriber::fmt::init();
    let listener = TcpListener::bind("127.0.0.1:4011").await?;
    println!("http://{}\n\n{}", listener.local_addr()?, table());
    axum::serve(listener, app(Shop::new())).await
}
