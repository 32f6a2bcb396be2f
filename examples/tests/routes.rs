//! The table that the demo prints tells the truth: both servers answer preflights for each
//! of its routes as the policy named there says.

use std::io;

use examples::demo::{Ports, ROUTES, Route, serve};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

const PAGES: [&str; 5] = [
    "http://app.localhost:4000",
    "http://admin.localhost:4000",
    "http://eu.app.localhost:4000",
    "http://evil.localhost:4000",
    "null",
];

#[tokio::test]
async fn every_route_has_the_policy_of_the_table() {
    let running = serve(Ports::FREE).unwrap();
    let Ports { axum, actix, .. } = running.ports();
    for (framework, port) in [("axum", axum), ("actix", actix)] {
        for route in &ROUTES {
            for page in PAGES {
                let answer = preflight(port, route, page).await.unwrap();
                let Route { method, path, .. } = route;
                assert_eq!(
                    answer.starts_with("HTTP/1.1 204"),
                    allows(route, page),
                    "{framework}, {method} {path}, {page}:\n{answer}"
                );
                assert_eq!(
                    answer.contains("\r\naccess-control-allow-credentials: true\r\n"),
                    allows(route, page) && route.policy.allows_credentials(),
                    "{framework}, {method} {path}, {page}:\n{answer}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let running = serve(Ports::FREE).unwrap();
    let Ports { actix, .. } = running.ports();
    let error = serve(Ports { actix, ..Ports::FREE }).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "port {actix} is taken, and the API on actix-web would listen there\nhelp: choose \
             another port with `--actix PORT`"
        )
    );
}

#[tokio::test]
async fn a_websocket_is_refused_before_the_upgrade() {
    let running = serve(Ports::FREE).unwrap();
    let Ports { axum, actix, .. } = running.ports();
    for port in [axum, actix] {
        for page in PAGES {
            let status = if page == "http://app.localhost:4000" { "101" } else { "403" };
            let answer = handshake(port, page).await.unwrap();
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{port}, {page}: {answer}");
        }
    }
}

/// What the policy of the table says of a page.
fn allows(route: &Route, page: &str) -> bool {
    route.policy.explain(page, route.method, &[]).is_allowed()
}

async fn preflight(port: u16, route: &Route, origin: &str) -> io::Result<String> {
    let Route { method, path, .. } = route;
    let path = path.replace("{id}", "1").replace("{reference}", "1").replace("{kind}", "cached");
    let mut connection = TcpStream::connect(("127.0.0.1", port)).await?;
    let request = format!(
        "OPTIONS {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\norigin: {origin}\r\n\
         access-control-request-method: {method}\r\n\r\n"
    );
    connection.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await?;
    Ok(answer)
}

/// The first line of the answer to a WebSocket's handshake.
async fn handshake(port: u16, origin: &str) -> io::Result<String> {
    let mut connection = BufReader::new(TcpStream::connect(("127.0.0.1", port)).await?);
    let request = format!(
        "GET /live HTTP/1.1\r\nhost: localhost\r\norigin: {origin}\r\nconnection: upgrade\r\n\
         upgrade: websocket\r\nsec-websocket-version: 13\r\n\
         sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    connection.write_all(request.as_bytes()).await?;
    let mut line = String::new();
    connection.read_line(&mut line).await?;
    Ok(line)
}
