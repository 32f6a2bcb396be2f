//! The table that the demo prints tells the truth: both servers answer preflights for each
//! of its routes as the policy named there says.

use std::io;

use cors_core::RouteTable;
use cors_core::adapter::Route;
use examples::demo::{Ports, actix_table, axum_table, serve};
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
    for (port, table) in [(axum, axum_table()), (actix, actix_table())] {
        for (route, method) in table.iter().flat_map(methods) {
            for page in PAGES {
                let answer = preflight(port, &method, &route.path, page).await.unwrap();
                let policy = route.endpoint.policy().current().unwrap();
                // The policies declare no methods: whatever the route serves is allowed.
                let is_allowed = policy.explain(page, "GET", &[]).is_allowed();
                let what = format!("{}, {page}:\n{answer}", route.endpoint.handler());
                assert_eq!(answer.starts_with("HTTP/1.1 204"), is_allowed, "{what}");
                assert_eq!(
                    answer.contains("\r\naccess-control-allow-credentials: true\r\n"),
                    is_allowed && policy.allows_credentials(),
                    "{what}"
                );
            }
        }
    }
}

#[test]
fn the_two_apis_have_the_same_routes() {
    let routes = |table: &RouteTable| {
        let mut routes: Vec<_> = table
            .iter()
            .flat_map(methods)
            // axum has no way to route a method of one's own, and serves `HEAD` with `GET`.
            .filter(|(_, method)| !matches!(method.as_str(), "PURGE" | "HEAD"))
            .map(|(Route { path, endpoint, .. }, method)| {
                (path.clone(), method, format!("{:?}", endpoint.policy()))
            })
            .collect();
        routes.sort();
        routes
    };
    assert_eq!(routes(&axum_table()), routes(&actix_table()));
}

#[tokio::test]
async fn rejections_are_explained_to_developers() {
    let running = serve(Ports::FREE).unwrap();
    let Ports { axum, actix, .. } = running.ports();
    for port in [axum, actix] {
        let evil = "http://evil.localhost:4000";
        let answer = preflight(port, "PUT", "/articles/1", evil).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 403 "), "{answer}");
        assert!(body.contains(evil), "{answer}");
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
async fn a_websocket_is_rejected_before_the_upgrade() {
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

/// A route, once for each of its methods.
fn methods(route: &Route) -> impl Iterator<Item = (&Route, String)> {
    let methods = route.methods.to_string();
    methods.split(' ').map(|it| (route, it.to_owned())).collect::<Vec<_>>().into_iter()
}

async fn preflight(port: u16, method: &str, path: &str, origin: &str) -> io::Result<String> {
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
