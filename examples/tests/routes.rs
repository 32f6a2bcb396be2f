//! The table that the demo prints tells the truth: both servers answer preflights for each
//! of its routes as the policy named there says.

use std::io;

use examples::demo::{Ports, ROUTES, Route, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PAGES: [&str; 3] =
    ["http://app.localhost:9", "http://admin.localhost:9", "http://evil.localhost:9"];

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

/// What the words of the table mean for a page.
fn allows(route: &Route, page: &str) -> bool {
    let host = page.trim_end_matches('9');
    route.policy.is_public() || route.policy.origins().any(|it| it == format!("{host}*"))
}

async fn preflight(port: u16, route: &Route, origin: &str) -> io::Result<String> {
    let Route { method, path, .. } = route;
    let path = path.replace("{id}", "1").replace("{reference}", "1");
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
