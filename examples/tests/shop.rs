//! The shops, on both frameworks: every policy comes through, and what must not be read is
//! not.

use std::io;

use actix_web::{App, HttpServer, test};
use examples::shop::Shop;
use examples::{shop_actix, shop_axum};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const SHOP: &str = "https://de.shop.example";
const STAFF: &str = "https://staff.shop.example";
const EVIL: &str = "https://shop.example.evil.net";

#[tokio::test]
async fn every_policy_comes_through_on_axum() {
    cors_axum::check(shop_axum::app(Shop::new()), &shop_axum::table()).await.unwrap();
}

#[actix_web::test]
async fn every_policy_comes_through_on_actix() {
    let app = test::init_service(App::new().configure(shop_actix::configure(&Shop::new()))).await;
    cors_actix::check(&app, &shop_actix::table()).await.unwrap();
}

#[tokio::test]
async fn the_two_shops_have_the_same_routes() {
    let strip = |table: String| table.replace("shop_axum", "shop").replace("shop_actix", "shop");
    // The name of the module makes the only difference, also in the width of the table.
    let words = |table: String| {
        strip(table)
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
    };
    assert_eq!(words(shop_axum::table().to_string()), words(shop_actix::table().to_string()));
}

#[tokio::test]
async fn pages_see_what_is_theirs_on_axum() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let app = shop_axum::app(Shop::new());
    let server = tokio::spawn(axum::serve(listener, app).into_future());
    pages_see_what_is_theirs(port).await.unwrap();
    server.abort();
}

#[actix_web::test]
async fn pages_see_what_is_theirs_on_actix() {
    let shop = Shop::new();
    let server = HttpServer::new(move || App::new().configure(shop_actix::configure(&shop)));
    let server = server.workers(2).disable_signals().bind("127.0.0.1:0").unwrap();
    let port = server.addrs()[0].port();
    let server = server.run();
    let handle = server.handle();
    let running = tokio::spawn(server);
    pages_see_what_is_theirs(port).await.unwrap();
    handle.stop(false).await;
    running.await.unwrap().unwrap();
}

async fn pages_see_what_is_theirs(port: u16) -> io::Result<()> {
    let ask = async |method, path: &str, origin, lines: &str, body: &str| {
        ask(port, method, &format!("/api/v1{path}"), origin, lines, body).await
    };
    let ada = "authorization: Bearer token-of-ada\r\n";
    let json = "authorization: Bearer token-of-grace\r\ncontent-type: application/json\r\n";

    // Everybody, also about what is not there.
    let products = ask("GET", "/products", EVIL, "", "").await?;
    assert!(products.status(200) && products.reads("*"), "{products:?}");
    let missing = ask("GET", "/products/7", EVIL, "", "").await?;
    assert!(missing.status(404) && missing.reads("*"), "{missing:?}");

    // The account: the 401 is readable, and only for the front end.
    let nobody = ask("GET", "/account/basket", SHOP, "", "").await?;
    assert!(nobody.status(401) && nobody.reads(SHOP), "{nobody:?}");
    let nobody = ask("GET", "/account/basket", EVIL, "", "").await?;
    assert!(nobody.status(401) && nobody.hides(), "{nobody:?}");
    let full = ask("POST", "/account/basket", SHOP, &format!("{ada}{JSON}"), "1").await?;
    assert!(full.status(201) && full.reads(SHOP), "{full:?}");
    let sold_out = ask("POST", "/account/basket", SHOP, &format!("{ada}{JSON}"), "7").await?;
    assert!(sold_out.status(409) && sold_out.reads(SHOP), "{sold_out:?}");
    let basket = ask("GET", "/account/basket", SHOP, ada, "").await?;
    assert!(basket.status(200) && basket.0.ends_with("[1]"), "{basket:?}");

    // The staff: another front end, another policy.
    let tea = r#"{"name":"green tea","left":5}"#;
    let rejected = ask("PUT", "/admin/products/1", SHOP, json, tea).await?;
    assert!(rejected.hides(), "{rejected:?}");
    let written = ask("PUT", "/admin/products/1", STAFF, json, tea).await?;
    assert!(written.status(200) && written.reads(STAFF), "{written:?}");
    assert!(written.0.contains("access-control-expose-headers: x-revision"), "{written:?}");
    let export = ask("GET", "/admin/export", STAFF, json, "").await?;
    assert!(export.status(200) && export.hides(), "{export:?}");

    // The WebSocket: rejected by origin, before the upgrade.
    let allowed = ask("GET", "/live", SHOP, UPGRADE, "").await?;
    assert!(allowed.status(101) && allowed.reads(SHOP), "{allowed:?}");
    let rejected = ask("GET", "/live", EVIL, UPGRADE, "").await?;
    assert!(rejected.status(403) && rejected.hides(), "{rejected:?}");

    let pages = crate::ask(port, "GET", "/basket", EVIL, "", "").await?;
    assert!(pages.status(200) && pages.hides(), "{pages:?}");
    Ok(())
}

const JSON: &str = "content-type: application/json\r\n";

const UPGRADE: &str = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
                       sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// An answer as it came over the wire.
#[derive(Debug)]
struct Answer(String);

impl Answer {
    fn status(&self, status: u16) -> bool {
        self.0.starts_with(&format!("HTTP/1.1 {status} "))
    }

    fn reads(&self, origin: &str) -> bool {
        self.0.contains(&format!("\r\naccess-control-allow-origin: {origin}\r\n"))
    }

    fn hides(&self) -> bool {
        !self.0.contains("\r\naccess-control-")
    }
}

async fn ask(
    port: u16,
    method: &str,
    path: &str,
    origin: &str,
    lines: &str,
    body: &str,
) -> io::Result<Answer> {
    let mut connection = TcpStream::connect(("127.0.0.1", port)).await?;
    // An upgrade keeps the connection, so its head is all that is read.
    let is_upgrade = lines == UPGRADE;
    let close = if is_upgrade { "" } else { "connection: close\r\n" };
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\norigin: {origin}\r\n{close}{lines}\
         content-length: {length}\r\n\r\n{body}"
    );
    connection.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    let mut buffer = [0; 1024];
    loop {
        let read = connection.read(&mut buffer).await?;
        answer.extend_from_slice(buffer.get(..read).unwrap_or_default());
        let has_head = answer.windows(4).any(|it| it == b"\r\n\r\n");
        if read == 0 || (is_upgrade && has_head) {
            return Ok(Answer(String::from_utf8_lossy(&answer).into_owned()));
        }
    }
}
