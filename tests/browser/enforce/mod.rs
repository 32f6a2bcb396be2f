//! `enforce`: which requests of which pages reach a handler, and what the pages see of it.

mod calls;
mod on_actix;
mod on_axum;
mod record;

use std::fmt::Write as _;
use std::net::{Ipv4Addr, TcpListener};

use self::calls::{Page, Target};
use self::record::Record;
use tests::chromium::{Driver, Outcome, programs};

/// The host of the API and of the pages, where the target of a request is trustworthy, so that
/// Chromium sends fetch metadata, and where it is not.
const NETWORKS: [Network; 2] = [
    Network { name: "trustworthy", api: "localhost", below: "localhost" },
    Network { name: "plain http", api: "api.test", below: "test" },
];

/// Names that no browser trusts over plain `http` too.
const EVERY_NAME_IS_HERE: &str = "--host-resolver-rules=MAP * 127.0.0.1";

struct Network {
    name: &'static str,
    api: &'static str,
    below: &'static str,
}

/// What each page sees, and `ran` if the handler ran.
///
/// The policy is `origins = ["http://app.localhost:*", "http://app.test:*"], enforce`. The columns
/// are pages of the API's own origin, of an allowed origin, of another port on the host of the API
/// and of a hostile origin. Where fetch metadata is missing, a request without `Origin`
/// may come from any page, or from no page at all.
#[rustfmt::skip]
const EXPECTED: [(&str, &str, [&str; 4]); 20] = [
    //                                      own              allowed          other port       hostile
    ("trustworthy", "websocket",            ["open, ran",    "open, ran",     "refused",       "refused"]),
    ("trustworthy", "fetch-get",            ["200, ran",     "200, ran",      "blocked",       "blocked"]),
    ("trustworthy", "fetch-post",           ["200, ran",     "200, ran",      "blocked",       "blocked"]),
    ("trustworthy", "fetch-post-no-cors",   ["200, ran",     "opaque, ran",   "opaque",        "opaque"]),
    ("trustworthy", "script",               ["loaded, ran",  "failed",        "failed",        "failed"]),
    ("trustworthy", "frame",                ["200, ran",     "opaque, ran",   "opaque, ran",   "opaque, ran"]),
    ("trustworthy", "frame-post",           ["200, ran",     "opaque, ran",   "opaque",        "opaque"]),
    ("trustworthy", "navigation",           ["200, ran",     "200, ran",      "200, ran",      "200, ran"]),
    ("trustworthy", "form-post",            ["200, ran",     "200, ran",      "403",           "403"]),
    ("trustworthy", "form-post-no-referrer", ["200, ran",    "403",           "403",           "403"]),
    ("plain http",  "websocket",            ["open, ran",    "open, ran",     "refused",       "refused"]),
    ("plain http",  "fetch-get",            ["200, ran",     "200, ran",      "blocked",       "blocked"]),
    ("plain http",  "fetch-post",           ["200, ran",     "200, ran",      "blocked",       "blocked"]),
    ("plain http",  "fetch-post-no-cors",   ["200, ran",     "opaque, ran",   "opaque",        "opaque"]),
    ("plain http",  "script",               ["loaded, ran",  "loaded, ran",   "loaded, ran",   "loaded, ran"]),
    ("plain http",  "frame",                ["200, ran",     "opaque, ran",   "opaque, ran",   "opaque, ran"]),
    ("plain http",  "frame-post",           ["200, ran",     "opaque, ran",   "opaque",        "opaque"]),
    ("plain http",  "navigation",           ["200, ran",     "200, ran",      "200, ran",      "200, ran"]),
    ("plain http",  "form-post",            ["200, ran",     "200, ran",      "403",           "403"]),
    ("plain http",  "form-post-no-referrer", ["403",         "403",           "403",           "403"]),
];

#[tokio::test(flavor = "multi_thread")]
async fn requests_of_other_origins_do_not_reach_the_handler() {
    let Some(programs) = programs() else { return };
    let record = Record::default();
    let (axum_port, axum) = listen();
    let (actix_port, actix) = listen();
    let axum = tokio::spawn(on_axum::serve(axum, record.clone()));
    let actix = on_actix::serve(actix, record.clone());
    let stop = actix.handle();
    let actix = tokio::spawn(actix);

    let driver = Driver::start(&programs).unwrap_or_else(|error| panic!("no driver: {error}"));
    let client = driver.open_browser(&programs, &[EVERY_NAME_IS_HERE]).await;
    let client = client.unwrap_or_else(|error| panic!("no browser: {error}"));
    let mut failures = String::new();
    for (framework, port, other) in
        [("axum", axum_port, actix_port), ("actix", actix_port, axum_port)]
    {
        for Network { name, api, below } in NETWORKS {
            let pages = [
                format!("http://{api}:{port}"),
                format!("http://app.{below}:{port}"),
                format!("http://{api}:{other}"),
                format!("http://evil.{below}:{port}"),
            ];
            for (column, page) in pages.iter().enumerate() {
                let page = Page::open(&client, page).await.unwrap();
                for (_, call, expected) in EXPECTED.iter().filter(|row| row.0 == name) {
                    let id = record.new_call();
                    let target = Target { host: format!("{api}:{port}"), call: id };
                    let seen = page.make(call, &target).await;
                    let ran = if record.ran(id) { ", ran" } else { "" };
                    let seen =
                        seen.map_or_else(|error| error.to_string(), |it| format!("{it}{ran}"));
                    let (page, expected) = (page.origin, expected[column]);
                    if seen != expected {
                        let head = record.head(id);
                        writeln!(
                            failures,
                            "{framework}, {call} from {page}: expected `{expected}`, was `{seen}`: \
                             {head:?}"
                        )
                        .unwrap();
                    }
                    if let Err(unlike) = sends_metadata(&record, id, name, call) {
                        writeln!(failures, "{framework}, {call} from {page}: {unlike}").unwrap();
                    }
                }
            }
        }
    }
    client.close().await.unwrap();
    stop.stop(false).await;
    axum.abort();
    actix.await.unwrap().unwrap();
    assert!(failures.is_empty(), "\n{failures}");
}

/// The premise of the table: Chromium sends fetch metadata to trustworthy origins, and with no
/// handshake of a WebSocket.
fn sends_metadata(record: &Record, call: usize, network: &str, kind: &str) -> Outcome<()> {
    let head = record.head(call).ok_or("no request arrived")?;
    let expected = network == "trustworthy" && kind != "websocket";
    if head.site.is_some() == expected {
        return Ok(());
    }
    Err(format!("fetch metadata expected: {expected}, sent: {head:?}").into())
}

fn listen() -> (u16, TcpListener) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    (listener.local_addr().unwrap().port(), listener)
}
