//! What the demo predicts of a call, on both servers; and what it makes of hostile input.

mod hostile;
mod steps;

use std::io::{self, ErrorKind};

use examples::demo::Running;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const SERVERS: [&str; 2] = ["axum", "actix"];

async fn predict(demo: &Running, body: &[u8]) -> io::Result<(u16, Value)> {
    predict_at(demo.ports().pages, body).await
}

async fn predict_at(port: u16, body: &[u8]) -> io::Result<(u16, Value)> {
    let json = "content-type: application/json\r\n";
    let (status, body) = ask(port, "POST", "/prediction", json, body).await?;
    Ok((status, serde_json::from_str(&body).map_err(io::Error::other)?))
}

/// The status and the body of the response.
async fn ask(
    port: u16,
    method: &str,
    path: &str,
    headers: &str,
    body: &[u8],
) -> io::Result<(u16, String)> {
    let mut connection = TcpStream::connect(("127.0.0.1", port)).await?;
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}\
         content-length: {}\r\n\r\n",
        body.len()
    );
    connection.write_all(head.as_bytes()).await?;
    // A server that has refused the call need not read all of it.
    let _ = connection.write_all(body).await;
    let mut answer = Vec::new();
    let read = connection.read_to_end(&mut answer).await;
    if answer.is_empty() {
        read?;
    }
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").ok_or(ErrorKind::UnexpectedEof)?;
    let status = head.get(9..12).and_then(|it| it.parse().ok()).ok_or(ErrorKind::InvalidData)?;
    Ok((status, body.to_owned()))
}
