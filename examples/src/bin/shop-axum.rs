//! Starts the shop on axum, prints who may read what, and logs who is refused.

use std::io;

use examples::shop::Shop;
use examples::shop_axum::app;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> io::Result<()> {
    tracing_subscriber::fmt::init();
    let (app, table) = app(Shop::new());
    let listener = TcpListener::bind("127.0.0.1:4011").await?;
    println!("http://{}\n\n{table}", listener.local_addr()?);
    axum::serve(listener, app).await
}
